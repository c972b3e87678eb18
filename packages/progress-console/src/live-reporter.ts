import type { PluginHost, ProgressEvent, ProgressReporter } from "@troupe/core";
import { type ConsoleModelSource, createConsoleModel } from "./create-console-model.js";
import { eventLine } from "./event-line.js";
import { type Glyphs, UNICODE_GLYPHS } from "./glyphs.js";
import { type Attempt, createAttempt, guardReporter } from "./guard-reporter.js";
import { type LineReporterOptions, noticeSegment } from "./line-reporter.js";
import { createLiveRegion, type LiveRegion } from "./live-region.js";
import { paint, type Segment, segment } from "./segment.js";
import { view } from "./view.js";

/** Time between two redraws at least: ten in a second. */
const REDRAW_MS = 100;
/** The same for output: nobody reads faster. */
const NEWS_REDRAW_MS = 250;
/** A redraw of many rows costs milliseconds: output has to wait until it costs well below a hundredth of the time. */
const NEWS_SHARE = 150;
/** Elapsed times move on once a second, also when nothing happens. */
const TICK_MS = 1000;
/** Without a redraw for so long the process has probably been stopped. */
const STOPPED_MS = 1200;

/** Rows for what is running, redrawn at the end of the terminal; what is over scrolls away above them. On stderr. */
export function createLiveReporter(host: PluginHost, options: LineReporterOptions): ProgressReporter {
  const attempt = createAttempt(host.logger);
  const reporter = new LiveReporter(host, options, attempt);
  return guardReporter({ report: (event) => reporter.report(event), close: () => reporter.close() }, attempt);
}

class LiveReporter {
  readonly #host: PluginHost;
  readonly #options: LineReporterOptions;
  readonly #glyphs: Glyphs;
  readonly #attempt: Attempt;
  readonly #model: ConsoleModelSource;
  readonly #region: LiveRegion;
  readonly #closing: AbortController = new AbortController();
  readonly #stopListening: readonly ((() => void) | undefined)[];
  #lasting: string[] = [];
  #drawnAt = Number.NEGATIVE_INFINITY;
  /** When the next redraw comes, on the monotonic clock. */
  #dueAt = Number.POSITIVE_INFINITY;
  #newsGapMs = NEWS_REDRAW_MS;
  #isTicking = false;
  #isOpen = false;

  constructor(host: PluginHost, options: LineReporterOptions, attempt: Attempt) {
    this.#host = host;
    this.#attempt = attempt;
    this.#options = options;
    this.#glyphs = options.glyphs ?? UNICODE_GLYPHS;
    this.#model = createConsoleModel(options.wallClock);
    this.#region = createLiveRegion(host.streams.stderr);
    this.#stopListening = [
      host.streams.stderr.onResize?.(() => attempt(() => this.#requestDraw(REDRAW_MS))),
      host.streams.stderr.onContinue?.(() => attempt(() => this.#goOn())),
      host.dialogue?.onChange(() => attempt(() => this.#giveWay())),
    ];
  }

  report(event: ProgressEvent): void {
    if (event.type === "entry") this.#readEntry(event);
    else if (event.type === "notice") this.#keep([noticeSegment(event)]);
    else this.#model.apply(event);
    this.#requestDraw(event.type === "progress" ? this.#newsGapMs : REDRAW_MS);
  }

  close(): void {
    this.#closing.abort();
    for (const stop of this.#stopListening) stop?.();
    this.#isOpen = false;
    this.#draw();
  }

  #readEntry(event: Extract<ProgressEvent, { type: "entry" }>): void {
    const { entry, state } = event;
    const { wallClock } = this.#options;
    const glyphs = this.#glyphs;
    for (const each of entry.events) {
      const turnInFlight = (turn: string) => this.#model.turnInFlight(turn);
      const line = eventLine(each, { entry, state, wallClock, glyphs, turnInFlight });
      if (line?.isLasting === true) this.#keep(line.segments);
    }
    this.#model.apply(event);
    this.#isOpen = state.status === "running";
    if (this.#isOpen && !this.#isTicking) void this.#tick();
  }

  #keep(segments: readonly Segment[]): void {
    const shown = segments.map(({ text, tone }) => segment(this.#glyphs.text(text), tone));
    this.#lasting.push(paint(shown, this.#options.isColoured));
  }

  /** At once, unless the last redraw was less than `gapMs` ago. */
  #requestDraw(gapMs: number): void {
    const { clock } = this.#host;
    const now = clock.monotonic();
    const wasStopped = this.#isTicking && now - this.#drawnAt > STOPPED_MS; // of which we hear after this
    const dueAt = Math.max(now + (wasStopped ? 1 : 0), this.#drawnAt + gapMs);
    if (dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    if (dueAt === now) {
      this.#draw();
      return;
    }
    void clock.wait(dueAt - now, this.#closing.signal).then(() => {
      if (this.#dueAt !== dueAt || this.#closing.signal.aborted) return;
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#attempt(() => (clock.monotonic() - dueAt > STOPPED_MS ? this.#requestDraw(0) : this.#draw()));
    });
  }

  async #tick(): Promise<void> {
    this.#isTicking = true;
    const { signal } = this.#closing;
    while (this.#isOpen && !signal.aborted) {
      await this.#host.clock.wait(TICK_MS, signal);
      if (this.#isOpen && !signal.aborted) this.#attempt(() => this.#requestDraw(REDRAW_MS));
    }
    this.#isTicking = false;
  }

  /** The rows go before a question is shown and come back behind it. */
  #giveWay(): void {
    if (this.#host.dialogue?.isOpen() === true) this.#region.draw(this.#lasting.splice(0), []);
    else this.#draw();
  }

  /** What a shell has written while we were stopped stays. */
  #goOn(): void {
    this.#region.leave();
    this.#requestDraw(REDRAW_MS);
  }

  #draw(): void {
    const { clock, streams, dialogue } = this.#host;
    const { columns, rows } = streams.stderr.size();
    const { isColoured } = this.#options;
    // behind a full line terminals disagree where the cursor is, and erasing the rest of it takes its last letter
    const size = { columns: columns - 1, rows: rows - 1, isColoured, glyphs: this.#glyphs };
    this.#drawnAt = clock.monotonic();
    this.#dueAt = Number.POSITIVE_INFINITY;
    const isClosed = this.#closing.signal.aborted; // then nothing comes after this
    if (dialogue?.isOpen() === true && !isClosed) return;
    // the region ends with an empty line, where the cursor rests
    const lines = this.#isOpen ? view(this.#model.at(clock.now()), size) : [];
    const lasting = this.#lasting;
    this.#lasting = [];
    this.#region.draw(lasting, lines);
    const costMs = clock.monotonic() - this.#drawnAt;
    this.#newsGapMs = Math.min(TICK_MS, Math.max(NEWS_REDRAW_MS, NEWS_SHARE * costMs));
  }
}
