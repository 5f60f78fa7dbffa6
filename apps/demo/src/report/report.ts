import type { State } from '../check/state.js';
import type { ClusterServer } from '../cluster/server.js';
import type { KeptPage } from '../page/start-page.js';
import type { Skips } from '../swf/skips.js';
import type { TakenBack } from '../take-back.js';
import type { DemoTexts } from '../texts/texts.js';
import type { Formats } from './numbers.js';
import type { ImportResult, Outcome } from './result.js';
import { strategyLines } from './strategies.js';
import type { Style } from './style.js';
import { columns, healthTable } from './tables.js';

const HEADING_WIDTH = 7;

/** Tells the story, a chapter at a time, in one language. */
export class Report {
  constructor(
    private readonly write: (text: string) => void,
    private readonly texts: DemoTexts,
    private readonly formats: Formats,
    private readonly style: Style,
  ) {}

  title({ name, source }: Pick<ClusterServer, 'name' | 'source'>, library: string): void {
    this.say(`${this.style('bold', 'jobsweep')}  ${this.style('dim', this.texts.title(name, source, library))}`, '');
  }

  log(imported: ImportResult): void {
    const { texts, formats } = this;
    const { trace, period, timeZone, jobs, repetitions, skips } = imported;
    const where = [imported.installation, imported.computer].filter((part) => part !== undefined).join(', ');
    const when = period && texts.period(formats.month(period.from, timeZone), formats.month(period.to, timeZone));
    const origin = [where, when].filter((part) => part !== undefined && part !== '').join('; ');
    this.chapter(texts.headings.log, [
      trace,
      ...(origin === '' ? [] : [origin]),
      texts.imported(formats.count(jobs), formats.count(repetitions)),
      texts.moved,
      ...this.skipped(skips).map((line) => this.style('yellow', line)),
    ]);
  }

  damage({ health }: State, seed: number): void {
    const counts = {
      leaked: this.formats.count(health.completedJobsWithUnreleasedResources),
      stale: this.formats.count(health.staleReservations),
      stuck: this.formats.count(health.stuckJobs),
    };
    this.chapter(this.texts.headings.damage, [this.texts.damaged(counts, seed)]);
    this.say('');
  }

  /** What the pass did, how the cluster is now, and whether nothing else changed. */
  outcome({ before, pass, after, untouched }: Outcome): void {
    const { texts, formats, style } = this;
    this.say(style('bold', texts.headings.cleanup), strategyLines(pass.strategies, texts, formats, style), '');
    this.say(healthTable(before, after, { texts, formats, style }));
    if (untouched.untouched) {
      this.say(style('green', `✔ ${texts.untouched(formats.count(untouched.compared))}`));
    } else {
      this.say(style('red', `✘ ${texts.touched(formats.count(untouched.violations))}`));
      this.say(...untouched.first.map(({ what, table, id }) => `  ${texts.violation[what](table, id)}`));
    }
  }

  /** What came back of the pass, and whether that is all. */
  takenBack({ rows, stuckJobs }: TakenBack, { health }: State): void {
    const { texts, formats, style } = this;
    const [jobs, before] = [formats.count(stuckJobs), formats.count(health.stuckJobs)];
    if (stuckJobs === health.stuckJobs) this.say(style('green', `✔ ${texts.undone(formats.count(rows), jobs)}`));
    else this.say(style('red', `✘ ${texts.notUndone(jobs, before)}`));
  }

  notClean(): void {
    this.say(this.style('red', `✘ ${this.texts.notClean}`));
  }

  kept({ url, stopCommand }: Pick<ClusterServer, 'url' | 'stopCommand'>, page: KeptPage): void {
    const { texts, style } = this;
    this.say('', style('bold', texts.kept), `  ${url}`);
    this.say(style('bold', texts.toStop), `  kill ${page.pid}; ${stopCommand}`);
    this.say(style('bold', texts.page), `  ${style('cyan', page.url)}`);
  }

  next(): void {
    const { texts, style } = this;
    const rows = texts.next.map(([command, meaning]) => [`  ${style('cyan', command)}`, style('dim', meaning)]);
    this.say('', style('bold', texts.headings.next), columns(rows));
  }

  private skipped({ total, first }: Skips): string[] {
    const { texts, formats } = this;
    if (total === 0) return [];
    const more = total - first.length;
    return [
      texts.skipped(formats.count(total)),
      ...first.map(({ line, reason }) => `  ${texts.skip(formats.count(line), reason)}`),
      ...(more > 0 ? [`  ${texts.moreSkips(formats.count(more))}`] : []),
    ];
  }

  private chapter(heading: string, lines: readonly string[]): void {
    const rows = lines.map((line, index) => [index === 0 ? this.style('bold', heading) : '', line]);
    this.say(columns(rows, { widths: [HEADING_WIDTH] }));
  }

  private say(...lines: readonly string[]): void {
    this.write(`${lines.join('\n')}\n`);
  }
}
