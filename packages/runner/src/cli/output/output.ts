import { visibleJson } from '@jobsweep/core';
import type { Words } from '../../words/words.js';
import type { Audience } from '../audience.js';
import { Redactor } from './redact.js';
import { type Style, styleFor } from './style.js';
import { visibleValue } from './visible-value.js';
import { wrapLines } from './wrap.js';

/** The streams and surroundings of one command; a test brings its own. */
export interface Surroundings {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** The working folder. */
  readonly folder: string;
}

/** A list that is being written, and what stands behind it. */
export interface JsonList {
  readonly add: (items: readonly unknown[]) => void;
  readonly end: (tail: object) => void;
}

/** Everything that is written goes through here, so that no secret gets past. */
export class Output {
  readonly redactor = new Redactor();
  readonly style: Style;
  readonly errorStyle: Style;
  /** Columns of the terminal that the answer goes to; without one there is no end to a line. */
  readonly width: number;
  private readonly errorWidth: number;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly audience: Pick<Audience, 'words'>,
  ) {
    const { stdout, stderr, env } = surroundings;
    this.redactor.learnEnvironment(env);
    this.style = styleFor(stdout, env);
    this.errorStyle = styleFor(stderr, env);
    this.width = columnsOf(stdout);
    this.errorWidth = columnsOf(stderr);
  }

  /** What people are told, in their language. */
  get words(): Words {
    return this.audience.words;
  }

  /** Lines for people. */
  say(text: string): void {
    this.surroundings.stdout.write(`${this.redactor.text(text)}\n`);
  }

  /** The same, broken so that they fit. */
  tell(text: string): void {
    this.say(wrapLines(text, this.width));
  }

  /**
   * A command's answer: one JSON value for programs, by JSON's rules, or words for people. Texts of strangers enter what
   * people read here, and nowhere else, so none of them can move the cursor, forge a line or turn the order of signs.
   */
  answer<Value>(value: Value, isJson: boolean | undefined, inWords: (value: Value) => void): void {
    if (isJson === true) this.json(value);
    else inWords(visibleValue(value));
  }

  /** The one JSON value of a command. */
  json(value: unknown): void {
    this.surroundings.stdout.write(`${this.jsonText(value)}\n`);
  }

  /** The same, an object of which one list is written piece by piece, as it is read. */
  jsonWithList(head: object, key: string): JsonList {
    const { stdout } = this.surroundings;
    const members = (value: object) => this.jsonText(value).slice('{\n'.length, -'\n}'.length);
    let between = '';
    stdout.write(`{\n${members(head)},\n  "${key}": [`);
    return {
      add: (items) => {
        for (const item of items) {
          stdout.write(`${between}\n    ${this.jsonText(item).replaceAll('\n', '\n    ')}`);
          between = ',';
        }
      },
      end: (tail) => void stdout.write(`${between === '' ? '' : '\n  '}],\n${members(tail)}\n}\n`),
    };
  }

  private jsonText(value: unknown): string {
    return visibleJson(JSON.stringify(this.redactor.value(value), null, 2));
  }

  /** Something to know that is no error, beside the answer. */
  warn(message: string, isJson: boolean | undefined): void {
    if (isJson === true) this.complainJson({ warning: { message } });
    else this.complain(message);
  }

  /** Lines about what went wrong, and whatever must not be taken for the answer; broken so that they fit. */
  complain(text: string): void {
    this.surroundings.stderr.write(`${wrapLines(this.redactor.text(text), this.errorWidth)}\n`);
  }

  /** A line of a log, which has its end already. */
  log(line: string): void {
    this.surroundings.stderr.write(this.redactor.text(line));
  }

  /** The same for programs, in one line. */
  complainJson(value: unknown): void {
    this.surroundings.stderr.write(`${visibleJson(JSON.stringify(this.redactor.value(value)))}\n`);
  }
}

const columnsOf = (stream: NodeJS.WriteStream): number =>
  stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
