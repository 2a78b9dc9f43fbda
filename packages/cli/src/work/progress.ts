import type { Terminal } from "../terminal.ts";

/** Says in a few words what is being done now. */
export type Report = (activity: string) => void;

/** Shows progress on a terminal and nothing in a pipe; the result is the work's. */
export async function progressOf<T>(terminal: Terminal, work: (report: Report) => Promise<T>): Promise<T> {
  if (!terminal.interactive) return work(() => undefined);
  const { DefaultRenderer, Listr, ListrLogger, ProcessOutput } = await import("listr2");
  // stdout is for the answer, and may be a pipe while stderr is a terminal.
  class StderrRenderer extends DefaultRenderer {
    static override nonTTY: boolean = true;
  }
  const logger = new ListrLogger({ useIcons: true, toStderr: [], processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const box: { value?: T } = {};
  const list = new Listr([{
    title: "planning",
    task: async (_context, task) => {
      box.value = await work((activity) => { task.output = activity; });
    },
  }], { concurrent: false, renderer: StderrRenderer, rendererOptions: { showSubtasks: false, showErrorMessage: false, clearOutput: true, logger } });
  await list.run();
  return box.value as T;
}
