import type { PluginHost } from "@troupe/core";
import { notificationFacts, runHookCommand } from "./command-hook.js";
import { type Delivery, sent } from "./delivery.js";
import { desktopCommand } from "./desktop-command.js";
import type { Hook } from "./hook.js";
import { sendOverHttp } from "./http-hooks.js";
import type { Notification } from "./notification.js";

/** What hooks are performed with. */
export interface SendContext {
  readonly host: Pick<PluginHost, "clock" | "randomHex" | "environment" | "projectFolder" | "streams">;
  /** Of an environment variable or a secret by file; undefined = there is none. */
  readonly lookUp: (name: string) => string | undefined;
  readonly platform: NodeJS.Platform;
}

/** A lone bell: whoever guards the terminal lets it pass only when nothing is with it. */
const BELL = "\u0007";

/** One attempt; never rejects. Abort = end it at once. */
export async function send(
  hook: Hook,
  notification: Notification,
  { host, lookUp, platform }: SendContext,
  signal: AbortSignal,
): Promise<Delivery> {
  const { timeoutMs } = hook;
  switch (hook.kind) {
    case "bell":
      if (host.streams.stderr.isTerminal) host.streams.stderr.write(BELL);
      return sent("the bell of the terminal");
    case "desktop": {
      const { argv, env, hint } = desktopCommand(platform, notification);
      return await runHookCommand({ command: { argv }, input: null, env, timeoutMs, signal, hint }, host);
    }
    case "command": {
      const [env, input] = [notificationFacts(notification), `${JSON.stringify(notification)}\n`];
      return await runHookCommand({ command: hook.command, input, env, timeoutMs, signal, hint: null }, host);
    }
    case "webhook":
    case "slack":
    case "telegram":
      return await sendOverHttp(hook, notification, { clock: host.clock, lookUp, signal });
  }
}
