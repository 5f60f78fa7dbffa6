/** A fenced code block. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line of the opening fence; the first line of a page is 1. */
  readonly line: number;
  /** The file that it shows a part of: the one of `<!-- file: path -->` before it. */
  readonly file?: string;
  /** The file of the reader that it becomes: the one of `<!-- saved as: name -->` before it. */
  readonly savedAs?: string;
  /** The file of the reader that it shows a part of: the one of `<!-- part of: name -->` before it. */
  readonly partOf?: string;
}

export interface Heading {
  readonly level: number;
  readonly text: string;
}

const FENCE = /^```(\S*)\s*$/;
const FILE = /^<!-- file: (\S+) -->$/;
/** Without its end the block is in the comment: it is not shown. */
const SAVED = /^<!-- saved as: (\S+)(?: -->)?$/;
const PART = /^<!-- part of: (\S+) -->$/;

/** The fenced blocks of a page in order, those in HTML comments included. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: (Omit<Block, 'text'> & { readonly lines: string[] }) | undefined;
  let file: string | undefined;
  let savedAs: string | undefined;
  let partOf: string | undefined;
  for (const [index, text] of page.split('\n').entries()) {
    const fence = FENCE.exec(text);
    if (open === undefined && fence) {
      open = {
        language: fence[1] ?? '',
        line: index + 1,
        lines: [],
        ...(file !== undefined && { file }),
        ...(savedAs !== undefined && { savedAs }),
        ...(partOf !== undefined && { partOf }),
      };
    } else if (open !== undefined && text === '```') {
      const { lines, ...block } = open;
      blocks.push({ ...block, text: lines.join('\n') });
      open = undefined;
    } else open?.lines.push(text);
    if (text === '') continue;
    file = FILE.exec(text)?.[1];
    savedAs = SAVED.exec(text)?.[1];
    partOf = PART.exec(text)?.[1];
  }
  if (open !== undefined) throw new Error(`The block that begins in line ${open.line} has no end`);
  return blocks;
}

/** The page without its blocks and comments, line for line. */
function proseOf(page: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]+/g, '');
  return page.replaceAll(/^<!--[\s\S]*?-->/gm, blank).replaceAll(/^```[\s\S]*?^```$/gm, blank);
}

export function headingsOf(page: string): Heading[] {
  return [...proseOf(page).matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', text = '']) => ({
    level: marks.length,
    text: text.replaceAll('`', ''),
  }));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return headingsOf(page).map(({ text }) => {
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** The targets of a page's links and images. */
export function linksOf(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}
