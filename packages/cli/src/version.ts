/** Version of this tool, as in package.json. Facts in a lock hold for the version that found them. */
export const version: string = "0.1.0";
