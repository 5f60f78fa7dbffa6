import type { Rule } from '@jobsweep/core';
import type { Words } from '../en/index.js';

const POPULATION: Record<Rule['name'], string> = {
  completed_job_cleanup: '条未释放的分配',
  stale_reservation_cleanup: '个 RUNNING 作业',
  stuck_job_cleanup: '个 RUNNING 作业',
  old_job_cleanup: '个已结束的作业',
  orphaned_allocation_cleanup: '条未释放的分配',
  waiting_job_cleanup: '个从未启动的作业',
};

export const reasons: Words['reasons'] = {
  abortedInTurn: '执行途中本轮被中止',
  abortedBefore: '轮到它之前本轮已被中止',
  stoppedBefore: '轮到它之前运行器已停止',
  stoppedAsking: '认领轮次时被停止',
  dependsOn: (culprit, status) => `它依赖的 ${culprit} 在本轮中为 ${status}`,
  busy: '本运行器正在执行它的轮次',
  held: (holder) => `${holder} 正在执行它的轮次`,
  notDue: (seconds) => `其他运行器已执行过，${seconds} 秒后才到下一轮`,
  paused: (by, until) => `已由 ${by} 暂停${until === null ? '' : `，直到 ${until} UTC`}`,
  observed: (rows) => `仅观察，本会修复 ${rows} 行`,
  notNamed: '不在 `only` 之中',
  noTags: '不含任何指定的 `tags`',
  switchedOff: '已由 `enabled: false` 关闭',
  offByDefault: '默认关闭：设置 `enabled: true`，或在 `only` 中指定',
  tripped: (figures) => `熔断器已触发：${figures}`,
  approved: (rows, figures) => `已批准越过熔断器，最多 ${rows} 行：${figures}`,
  overridden: (figures) => `已越过熔断器：${figures}`,
  figures: (due, population, rule, percent) =>
    `${population} ${POPULATION[rule]}中有 ${due} 个待处理，上限为 ${percent}%`,
  unconfirmed: (count) => `${count} 行未获确认`,
  waited: (seconds) => `因探针等待了 ${seconds} 秒`,
  holding: (count) => `${count} 个作业仍占用资源或被要求保留`,
};
