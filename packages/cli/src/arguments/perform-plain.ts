import type { ValidateOptions } from "../commands/validate.js";
import { inProject, type Perform } from "./act.js";
import type { PlainCommand } from "./plain-arguments.js";

export const performList: Perform = inProject(async (context) => {
  const { listCommand } = await import("../commands/list.js");
  return await listCommand(context);
});

/** `run` undefined = the newest. */
export function performStatus(run: string | undefined): Perform {
  return inProject(async (context) => {
    const { statusCommand } = await import("../commands/status.js");
    return await statusCommand(context, run);
  });
}

export function performValidate(files: readonly string[], own: ValidateOptions): Perform {
  return async (host, options) => {
    const { validateCommand } = await import("../commands/validate.js");
    return await validateCommand(host, { ...options, ...own }, files);
  };
}

/** How a command is performed whose words needed no parser. */
export function performPlain(command: PlainCommand): Perform {
  switch (command.name) {
    case "list":
      return performList;
    case "status":
      return performStatus(command.run);
    case "validate":
      return performValidate(command.files, command.options);
  }
}
