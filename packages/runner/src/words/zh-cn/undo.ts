import type { LeftReason } from '@jobsweep/core';
import type { Words } from '../en/index.js';

const left: Readonly<Record<LeftReason, string>> = {
  moved: '此后又有变化',
  gone: '已不存在',
  cut: '原有文本过长，未能完整保存',
  withheld: '其状态未保存：列在 `changes.without` 中',
  jobMoved: '所属作业此后又有变化',
  resourceUnknown: '是资源分配，而 schema.allocations.columns.resource 没有说明是什么资源',
  resourceUnset: '是资源分配，而该行的资源列为 NULL',
  resourceHeld: '是资源分配，其资源现已被占用',
};

export const undo: Words['undo'] = {
  columns: { table: '表', row: '行', job: '作业', change: '更改' },
  deleted: '已删除',
  undone: (at) => `已于 ${at} 撤销`,
  nothing: 'NULL',
  of: (strategy, began, id) => `${strategy}，第 ${id} 次执行，开始于 ${began} UTC`,
  counts: (rows, deleted, undone) => `共 ${rows} 行：删除 ${deleted} 行，目前已撤销 ${undone} 行。`,
  none: '没有保存这次执行的更改：它没有更改任何行，或已过保存期限，或 `runner.changes` 为 false。',
  more: (rows) => `还有 ${rows} 行：用 --limit 查看。`,
  howToUndo: (command) => `用 \`${command}\` 撤销，仅限此后没有再变化的行。`,
  howToUndoRest: (command) => `用 \`${command} --dry-run\` 查看其余各行中哪些还能撤销。`,
  allUndone: '所有更改都已撤销。',
  howToRestore: (command) => `用 \`${command}\` 恢复已删除且在归档中的行。`,
  noArchive: '已删除的行无法恢复：没有为它们保留归档（schema.archive）。',
  noPass: (id) => `此配置的历史中没有第 ${id} 次执行。用 \`jobsweep history\` 查看`,
  noSuchJob: (id, jobs) =>
    `第 ${id} 次执行没有更改作业 ${jobs}：编号应与 \`jobsweep show ${id}\` 所显示的一致；多列的键写成由文本组成的 JSON 数组，例如 --job '["n1","4"]'`,
  noChanges: (id) => `没有保存第 ${id} 次执行的任何更改，因此无法撤销。`,
  would: (rows) => `可以恢复 ${rows} 行。`,
  left: (rows, reason, ids) => `${rows} 行保持不变：${left[reason]}（${ids}）`,
  contended: (rows) => `${rows} 行正被占用：请稍后对其重试。`,
  nothingToDo: '没有可以撤销的内容。',
  confirm: (rows, strategy) => `恢复 ${rows} 行，并暂停 ${strategy}？`,
  nobodyToAsk: (rows, strategy) =>
    `这将恢复 ${rows} 行并暂停 ${strategy}，但无人可以确认。未做任何更改。请先用 --dry-run 查看，再加 --yes。`,
  done: (rows) => `已恢复 ${rows} 行。`,
  paused: (strategy) =>
    `${strategy} 已暂停，否则下一次执行会再次更改。调整好之后，用 \`jobsweep resume ${strategy}\` 恢复。`,
  held: (strategy, holder) => `${holder} 持有 ${strategy} 的执行权且没有归还。它已暂停；请一分钟后重试。`,
  another: '另一个进程',
  waiting: (strategy, holder, atMost) => `${strategy} 已暂停。其执行权由 ${holder} 持有，最多等待 ${atMost}。`,
  interrupted: '已被中断：已恢复的保持不变。请再次运行以完成其余部分。',
  unfinished: (reason) => `提前停止（${reason}）：请再次运行以完成其余部分。`,
  note: (id) => `撤销了第 ${id} 次执行`,
};
