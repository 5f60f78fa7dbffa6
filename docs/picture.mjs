// Runs the built demo and draws what it prints as a terminal would: into docs/images/demo.svg, or the file given.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const CELL = { width: 8.4, height: 18 };
const MARGIN = 20;
const BAR = 34;
const COMMAND = 'npm run demo';
const ESCAPE = '\u001b[';
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const COLOURS = { 31: '#ff7b72', 32: '#56d364', 33: '#e3b341', 36: '#76e3ea' };
const SIDES = {
  left: `h${-CELL.width / 2}`,
  right: `h${CELL.width / 2}`,
  up: `v${-CELL.height / 2}`,
  down: `v${CELL.height / 2}`,
};
/** Box-drawing characters by the sides that their lines go to. */
const FRAME = {
  '─': ['left', 'right'],
  '│': ['up', 'down'],
  '┌': ['right', 'down'],
  '┐': ['left', 'down'],
  '└': ['right', 'up'],
  '┘': ['left', 'up'],
  '├': ['up', 'down', 'right'],
  '┤': ['up', 'down', 'left'],
  '┬': ['left', 'right', 'down'],
  '┴': ['left', 'right', 'up'],
  '┼': ['left', 'right', 'up', 'down'],
};
const [PAPER, INK, FAINT] = ['#0d1117', '#d0d7de', '#8b949e'];

const output = execFileSync(process.execPath, [at('../apps/demo/dist/cli.js')], {
  encoding: 'utf8',
  env: { ...process.env, FORCE_COLOR: '1', NO_COLOR: '' },
});
const lines = [
  [
    { text: '$ ', fill: FAINT },
    { text: COMMAND, fill: INK, bold: true },
  ],
  [],
  ...parse(output.trimEnd()),
];
writeFileSync(process.argv[2] ?? at('images/demo.svg'), draw(lines));

/** Lines of pieces, each with the look that the escape sequences before it ask for. */
function parse(text) {
  let look = { fill: INK, bold: false };
  return text.split('\n').map((line) =>
    line.split(ESCAPE).flatMap((part, index) => {
      const [, code, shown] = index === 0 ? [part, undefined, part] : (/^(\d+)m(.*)$/.exec(part) ?? [part, '0', part]);
      if (code !== undefined) look = apply(look, Number(code));
      return shown === '' ? [] : [{ text: shown, ...look }];
    }),
  );
}

function apply(look, code) {
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, fill: FAINT };
  if (code === 22) return { fill: INK, bold: false };
  return { ...look, fill: COLOURS[code] ?? INK };
}

function draw(lines) {
  const columns = Math.max(...lines.map((pieces) => pieces.reduce((length, { text }) => length + text.length, 0)));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = BAR + lines.length * CELL.height + MARGIN;
  const pieces = lines.flatMap((line, row) => {
    let column = 0;
    return line.map((piece) => {
      const placed = { ...piece, column, row };
      column += piece.text.length;
      return placed;
    });
  });
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${MARGIN + index * 18}" cy="${BAR / 2}" r="5.5" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>Output of ${COMMAND}</title>`,
    `<style>text{font:14px ${FONT};white-space:pre}.b{font-weight:700}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>`,
    ...dots,
    `<path stroke="${FAINT}" d="${pieces.map(drawFrame).join('')}"/>`,
    ...pieces.flatMap(drawWords),
    '</svg>\n',
  ].join('\n');
}

/** Words that belong together, stretched to their cells, so that columns stand whatever the font. */
function drawWords({ text, fill, bold, column, row }) {
  return [...text.matchAll(/[^\s─-╿]+(?: [^\s─-╿]+)*/g)].map(({ 0: words, index }) => {
    const x = round(MARGIN + (column + index) * CELL.width);
    const y = BAR + (row + 1) * CELL.height - 5;
    const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const look = `${bold ? ' class="b"' : ''} fill="${fill}" textLength="${round(words.length * CELL.width)}"`;
    return `<text x="${x}" y="${y}"${look}>${escaped}</text>`;
  });
}

/** Frames as lines: fonts leave gaps between theirs. */
function drawFrame({ text, column, row }) {
  return [...text.matchAll(/[─-╿]/g)]
    .flatMap(({ 0: character, index }) => {
      const x = round(MARGIN + (column + index + 0.5) * CELL.width);
      const y = round(BAR + (row + 0.5) * CELL.height);
      return (FRAME[character] ?? []).map((side) => `M${x} ${y}${SIDES[side]}`);
    })
    .join('');
}

function round(value) {
  return Math.round(value * 10) / 10;
}
