import type { Words } from '../en/index.js';

export const restore: Words['restore'] = {
  would: (jobs) => `可以恢复 ${jobs} 个作业及其附属数据。`,
  nothingToDo: '归档中没有可以恢复的内容。',
  noSuchJob: (jobs) =>
    `归档中没有作业 ${jobs}。编号应与 \`jobsweep show\` 所显示的一致；多列的键写成由文本组成的 JSON 数组，例如 --job '["n1","4"]'。`,
  staying: (rows, ids) => `${rows} 行的键已被占用，其作业整体留在归档中：${ids}`,
  contended: (jobs) => `${jobs} 个作业正被占用：请稍后对其重试。`,
  confirm: (jobs) => `恢复 ${jobs} 个作业，并暂停 old_job_cleanup？`,
  nobodyToAsk: (jobs) =>
    `这将恢复 ${jobs} 个作业并暂停 old_job_cleanup，但无人可以确认。未做任何更改。请先用 --dry-run 查看，再加 --yes。`,
  done: (jobs) => `已恢复 ${jobs} 个作业。`,
  blocked: (row, message) => `${row} 无法恢复：${message}`,
  note: '恢复了已删除的作业',
  noteOfPass: (id) => `恢复了第 ${id} 次执行删除的作业`,
};
