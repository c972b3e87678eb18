import type { Notification } from "./notification.js";

/** The program that shows a notification on the desktop of a system, and what to do where it is missing. */
export interface DesktopCommand {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly hint: string;
}

const MAC_SCRIPT: readonly string[] = [
  "on run argv",
  "display notification (item 2 of argv) with title (item 1 of argv)",
  "end run",
];

/** Texts come by the environment, never into the script. */
const WINDOWS_SCRIPT = `$ErrorActionPreference = 'Stop'
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$type = [Windows.UI.Notifications.ToastTemplateType]::ToastText02
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent($type)
$texts = $xml.GetElementsByTagName('text')
[void]$texts.Item(0).AppendChild($xml.CreateTextNode($env:TROUPE_TITLE))
[void]$texts.Item(1).AppendChild($xml.CreateTextNode($env:TROUPE_TEXT))
$app = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$toast = New-Object Windows.UI.Notifications.ToastNotification $xml
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($app).Show($toast)
`;

/** Texts of others are arguments behind `--` or variables, never options and never part of a script. */
export function desktopCommand(platform: NodeJS.Platform, { event, title, text }: Notification): DesktopCommand {
  if (platform === "darwin") {
    const lines = MAC_SCRIPT.flatMap((line) => ["-e", line]);
    const hint = "Allow notifications of Script Editor in the system settings.";
    return { argv: ["osascript", ...lines, "--", title, text], env: {}, hint };
  }
  if (platform === "win32") {
    const encoded = Buffer.from(WINDOWS_SCRIPT, "utf16le").toString("base64");
    const argv = ["powershell.exe", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded] as const;
    return {
      argv: [...argv],
      env: { TROUPE_TITLE: title, TROUPE_TEXT: text },
      hint: "It needs Windows PowerShell 5.1.",
    };
  }
  const urgency = event === "failed" || event === "limited" ? "critical" : "normal";
  const argv = ["notify-send", "--app-name=Troupe", `--urgency=${urgency}`, "--", title, toMarkup(text)] as const;
  return {
    argv: [...argv],
    env: {},
    hint: "Install libnotify (apt install libnotify-bin), and run troupe within the desktop's session.",
  };
}

/** The body of a notification may have markup: of others' text none is meant. */
function toMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
