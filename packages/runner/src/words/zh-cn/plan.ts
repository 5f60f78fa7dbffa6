import type { Words } from '../en/index.js';

export const plan: Words['plan'] = {
  columns: {
    strategy: '策略',
    due: '待处理',
    of: '总数',
    percent: '%',
    oldest: '最久',
    batches: '批次',
    time: '耗时',
    note: '备注',
  },
  failed: '失败',
  off: '关闭',
  paused: '已暂停',
  observes: '仅观察',
  breaker: '熔断',
  more: (count) => `还有 ${count} 行`,
  withThem: (rows) => `连同依附于它们的行：${rows}`,
  wouldStop: (figures) => `熔断器会阻止它：${figures}。--override-breaker 可放行。`,
  undated: (count) => `${count} 行没有时间，永远不会到期`,
  holding: (count) => `${count} 个作业仍占用资源或被要求保留，不会删除`,
  nothingChanged: '没有做任何修改。每个策略都按数据的现状统计，不考虑排在它前面的策略会改变什么。',
  fromHistory: '~ 按上一次有修复的执行速度估算',
  fromReading: '> 按读取一页的用时估算；还没有可参考的执行速度',
};
