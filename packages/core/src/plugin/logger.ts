/** Messages for whoever looks for the cause of something; never part of a result. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}
