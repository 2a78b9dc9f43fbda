/** The model, as a folder of the library's resources. */
export const MODEL_FOLDER = "model.mlpackage";
