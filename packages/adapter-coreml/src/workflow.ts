import { type BundleFile, type EmitInput, textFile } from "@edgewise/adapter";
import { MODEL_FOLDER } from "./model-folder.ts";
import { libraryFolder } from "./swift/files.ts";

/** Where GitHub looks for it when the bundle is a repository of its own. */
export const WORKFLOW_FILE = ".github/workflows/coreml.yml";

/** On a Mac: compiles the model, runs the golden vectors through Core ML, times it, and keeps the JSON. */
export function workflowFile({ candidate }: EmitInput, tested: boolean): BundleFile {
  const model = `${libraryFolder(candidate.target)}/${MODEL_FOLDER}`;
  return textFile(WORKFLOW_FILE, `name: Core ML
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  mac:
    runs-on: macos-15
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - name: Compile the model
        run: xcrun coremlcompiler compile ${model} "$RUNNER_TEMP"
${tested ? `      - name: Golden vectors through Core ML
        run: swift run -c release selftest
` : ""}      - name: Where each operation runs on this Mac
        run: swift run -c release benchmark --placement
      - name: Time the model
        run: swift run -c release benchmark > measurement.json
      - uses: actions/upload-artifact@v4
        with:
          name: coreml-measurement
          path: measurement.json
`);
}
