import type { Words } from '../en/index.js';

export const run: Words['run'] = {
  columns: {
    strategy: '策略',
    result: '结果',
    due: '待处理',
    repaired: '已修复',
    batches: '批次',
    time: '耗时',
    note: '备注',
  },
  blocked: '受阻',
  dryRun: '试运行：没有做任何修改。',
  offByDefault: '默认关闭，指定名称时才运行',
  override:
    '熔断器在做出任何修改之前停下了一次执行。请先看 `jobsweep plan`；确认无误后，`jobsweep approve 策略名` 放行下一次执行，--override-breaker 放行这一次。',
  stuck: '有待处理的行，但一行也改不了',
  stopped: {
    timeout: '到达时限，已停止',
    rowBudget: '到达行数上限，已停止',
    aborted: '收到信号，已停止',
    claimLost: '认领已失去，已停止',
  },
  contended: (count) => `${count} 行被其他事务占用`,
  holding: (count) => `${count} 个作业仍占用资源或被要求保留`,
  unconfirmed: (count) => `${count} 行未获确认`,
  passedOver: (count) => `${count} 行已不再需要处理`,
  refusedInAll: (count) => `${count} 行被数据库拒绝`,
  refused: (count, _isOne, by, ids) => `${count} 行被 ${by} 拒绝（${ids}）`,
  unknown: (count) => `${count} 行结果未知，提交的应答丢失`,
  waiting: (value, above) => (value === null ? '等待探针' : `等待：${value} 超过 ${above}`),
  left: (length) => `剩余 ${length}`,
  alone:
    '没有认领轮次，也没有保留历史：jobsweep 自己的表不存在，或当前用户看不到。`jobsweep init --apply` 可以创建它们。',
  confirm: (strategy, count, rows) =>
    `${strategy} 将永久删除 ${count} 个作业${rows === '' ? '' : `，连同依附于它们的行（${rows}）`}。继续吗？`,
  nobodyToAsk: (strategy, count, above) =>
    `${strategy} 将删除 ${count} 个作业，超过了 ${above} 个，而这里没有人可以确认。` +
    '没有做任何修改。请先看 `jobsweep plan`，再加上 --yes 或 --max-rows，或者不运行它。',
  answer: (isYes) => (isYes ? '是' : '否'),
  nothingDone: '没有做任何修改。',
};
