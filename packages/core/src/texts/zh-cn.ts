import type { Texts } from './texts.js';

/** The `zh-CN` preset. */
export const zhCN: Texts = {
  descriptions: {
    completed_job_cleanup: '释放已完成但未释放资源的作业',
    stale_reservation_cleanup: '清理超过 {maxAgeMinutes} 分钟的预留记录',
    stuck_job_cleanup: '清理运行超过 {maxAgeHours} 小时的卡住作业',
    old_job_cleanup: '删除超过 {maxAgeDays} 天的已完成作业',
    orphaned_allocation_cleanup: '释放作业已不存在的资源分配',
    waiting_job_cleanup: '清理等待超过 {maxAgeDays} 天仍未启动的作业',
  },
  purgeByNumber: '删除超出保留数量的已完成作业',
  staleReservationError: '作业预留超时，可能由于队列丢失或Worker未启动',
  stuckJobError: '因超时由清理脚本标记为失败',
  waitingJobError: '作业等待超时，从未启动',
  samples: {
    completed: ({ id, jobId, job }) => `作业 ${jobId} 已是 ${job.state}，仍占用分配 ${id}`,
    stale: ({ jobId }, minutes) => `作业 ${jobId}：已预留 ${minutes} 分钟`,
    stuck: ({ id, name }) => `卡住的作业 ${id}（${name}）`,
    old: ({ id, name, state, endTime }) =>
      `作业 ${id}（${name}）${state}，结束于 ${endTime?.toISOString() ?? '未知时间'}`,
    orphaned: ({ id, jobId, status }) => `分配 ${id} 为 ${status}，但作业 ${jobId} 已不存在`,
    waiting: ({ id, name }) => `作业 ${id}（${name}）从未启动`,
  },
};
