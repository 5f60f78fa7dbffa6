import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type Block, blocksOf } from './markdown.js';
import { readPage, root } from './pages.js';

/** The `ts` and `sql` blocks of a page, up to its end or to `<!-- new program -->`. */
export interface Program {
  readonly page: string;
  readonly blocks: readonly Block[];
  /** Where its compiled form is. */
  readonly script: string;
}

const FOLDER = join(root, 'docs/dist/examples');
const NEW_PROGRAM = '<!-- new program -->';
const HEAD =
  'declare const __block: (line: number) => void; declare const __sql: (text: string) => Promise<void>; export {};';

/** `sql` blocks that make roles and grant privileges are run by privileges.test.ts, under names of its own. */
export const isAboutPrivileges = ({ text }: Block): boolean => /^\s*(CREATE ROLE|GRANT|REVOKE)\b/im.test(text);

/** Whether a block is a part of its page's program; what a page shows of a file is run where that file is. */
export const isRun = (block: Block): boolean =>
  block.file === undefined &&
  block.partOf === undefined &&
  (block.language === 'ts' || (block.language === 'sql' && !isAboutPrivileges(block)));

/** The programs of a page in order. */
export function programsOf(page: string): Program[] {
  const text = readPage(page);
  const starts = text.split('\n').flatMap((line, index) => (line === NEW_PROGRAM ? [index + 1] : []));
  const bounds = [0, ...starts, Number.POSITIVE_INFINITY];
  return bounds.slice(1).flatMap((end, index) => {
    const from = bounds[index] ?? 0;
    const blocks = blocksOf(text).filter(({ line }) => line > from && line < end);
    return blocks.some(isRun)
      ? [{ page, blocks, script: join(FOLDER, `${page.replaceAll(/\W+/g, '-')}-${index}.js`) }]
      : [];
  });
}

/**
 * Type-checks programs as strictly as the packages, and compiles them. Returns the errors, each with page and line: a
 * program keeps the lines of its page.
 */
export function compile(programs: readonly Program[]): string[] {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const pageOf = new Map<string, string>();
  for (const program of programs) {
    const source = program.script.replace(/js$/, 'ts');
    writeFileSync(source, sourceOf(program));
    pageOf.set(source, program.page);
  }
  const compiled = ts.createProgram([...pageOf.keys()], compilerOptions());
  compiled.emit();
  return ts.getPreEmitDiagnostics(compiled).map(({ file, start = 0, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    if (file === undefined) return message;
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    return `${pageOf.get(file.fileName) ?? file.fileName}:${line}: ${message}`;
  });
}

function sourceOf({ blocks }: Program): string {
  const lines: string[] = [HEAD];
  for (const { language, text, line } of blocks.filter(isRun)) {
    lines[line - 1] = `__block(${line});`;
    if (language === 'sql') lines[line - 1] += ` await __sql(${JSON.stringify(text)});`;
    else for (const [index, code] of text.split('\n').entries()) lines[line + index] = code;
  }
  // An example need not close its pool.
  return `${Array.from(lines, (line: string | undefined) => line ?? '').join('\n')}\nprocess.exit();\n`;
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(root, 'docs'));
  const { tsBuildInfoFile: _unused, ...strict } = options;
  return { ...strict, rootDir: FOLDER, outDir: FOLDER, composite: false, declaration: false, declarationMap: false };
}
