import { ADAPTER_NAMES, DATABASE_NAMES } from '../adapters/pairs.js';
import { limits } from '../limits.js';
import { listOf } from './lists.js';
import { problemZhCN } from './problem-zh-cn.js';
import type { DemoTexts } from './texts.js';

const DEMO = 'npm run demo --';
const DEMO_ZH = `${DEMO} --locale zh-CN`;

const anyOf = (names: readonly string[]) => listOf(names, '、', ' 或 ');

export const zhCN: DemoTexts = {
  locale: 'zh-CN',
  help: {
    summary: '把真实集群的日志放进真实的数据库，弄坏它，让 jobsweep 修好，再检查结果。',
    usageTitle: '用法：',
    optionsTitle: '选项：',
    examplesTitle: '示例：',
    byDefault: (value) => `（默认：${value}）`,
    options: {
      adapter: `jobsweep 的适配器：${anyOf(ADAPTER_NAMES)}`,
      database: `数据库：${anyOf(DATABASE_NAMES)}`,
      trace: '工作负载日志，.swf 或 .swf.gz（默认：NASA iPSC 日志）',
      rows: '生成这么多作业，不够就重复日志',
      seed: '种子相同，损坏相同',
      'leaked-percent': '已结束的作业中仍占用资源的比例',
      reservations: '从未启动的预留数',
      'stale-percent': `其中超过 ${limits.reservationMinutes} 分钟的比例`,
      'long-jobs': '长时间运行的作业数',
      'long-days': '它们运行的天数',
      'healthy-jobs': '正常运行的作业数',
      'sibling-jobs': '超时预留与有效分配并存的作业数',
      'requeued-jobs': '结束后又重新排队的作业数',
      purge: `同时删除超过 ${limits.keepDays} 天的已完成作业`,
      undo: '随后撤销对卡住作业所做的更改',
      keep: '保留数据库，并留下运行器和它的页面',
      json: '把结果写入文件',
      locale: '语言：en 或 zh-CN',
      verbose: '显示各策略自己的日志',
      help: '显示本帮助',
    },
    examples: [
      [DEMO_ZH, '几秒钟看完全程'],
      [`${DEMO_ZH} --rows 1000000 --purge`, '一百万个作业，并删除旧作业'],
      [`${DEMO_ZH} --trace my.swf.gz --seed 7`, '换一份日志，换一种损坏'],
      [`${DEMO_ZH} --leaked-percent 20 --long-jobs 500`, '更糟糕的集群'],
      [`${DEMO_ZH} --adapter typeorm --database mariadb`, '换一个库，换一种数据库'],
      ['PG_URL=postgres://me:secret@host/db npm run demo', '使用自己的服务器'],
    ],
  },
  problem: problemZhCN,
  stopped: '已停止，没有留下任何东西。',
  failed: (reason) => `演示失败：${reason}`,

  title: (server, source, library) => `${server}（${sourceOf(source)}），通过 ${library}`,
  phases: {
    server: (title) => `启动 ${title}`,
    read: '读取日志',
    import: '导入作业',
    index: '创建索引',
    damage: '损坏集群',
    snapshot: '保存快照',
    check: '逐行比较',
  },
  headings: {
    log: '日志',
    damage: '损坏',
    cleanup: '清理',
    health: '集群健康状况',
    before: '之前',
    after: '之后',
    next: '接下来可以试试',
  },
  period: (from, to) => `${from}至${to}`,
  imported: (jobs, repetitions) => `导入 ${jobs} 个作业${repetitions === '1' ? '' : `，日志重复 ${repetitions} 次`}`,
  moved: '时间已平移：最后一个作业在一小时前结束',
  skipped: (lines) => `跳过 ${lines} 行：`,
  skip: (line, reason) => `第 ${line} 行${SKIPS[reason]}`,
  moreSkips: (lines) => `另有 ${lines} 行`,
  damaged: ({ leaked, stale, stuck }, seed) =>
    `${leaked} 个未释放的分配，${stale} 个超时预留，${stuck} 个卡住的作业（种子 ${seed}）`,
  health: {
    completedJobsWithUnreleasedResources: '已结束的作业仍占用的分配',
    staleReservations: `超时预留（超过 ${limits.reservationMinutes} 分钟）`,
    stuckJobs: `卡住的作业（运行超过 ${limits.runHours} 小时）`,
    oldJobs: `超过 ${limits.keepDays} 天的已完成作业`,
    jobs: '作业',
    allocations: '资源分配',
  },
  survive: '看似损坏，必须保留：',
  survivors: {
    healthy: '正常运行的作业',
    fresh: '刚刚建立的预留',
    sibling: '超时预留与有效分配并存的运行中作业',
    requeued: '结束后又重新排队的作业',
  },
  outcomes: {
    done: '完成',
    skipped: '无事可做',
    failed: '失败',
    blocked: '受阻',
    claimed: '由其他运行器执行',
    notDue: '未到时间',
    paused: '已暂停',
    tripped: '被熔断器阻止',
    claimLost: '失去认领',
    disabled: '关闭',
    filtered: '未选中',
    planned: '仅计划',
    observed: '仅观察',
    aborted: '中止',
    timeout: '超时',
    rowBudget: '行数用尽',
  },
  cleaned: (items) => `清理 ${items} 个`,
  batches: (batches) => `${batches} 批`,
  offUnlessPurge: '关闭，见 --purge',
  untouched: (rows) => `其余没有任何变化：${rows} 行与快照逐列比较。`,
  touched: (rows) => `有 ${rows} 行不符合规则：`,
  violation: {
    changed: (table, id) => `${table} ${id} 被修改`,
    missing: (table, id) => `${table} ${id} 不见了`,
    new: (table, id) => `${table} ${id} 是新出现的`,
  },
  undone: (rows, stuckJobs) => `已撤销：${rows} 行，卡住的作业恢复为 ${stuckJobs} 个。`,
  notUndone: (stuckJobs, before) => `未能全部撤销：卡住的作业有 ${stuckJobs} 个，原有 ${before} 个。`,
  notClean: '集群还没有清理干净。',
  kept: '数据库仍在运行：',
  toStop: '停止它：',
  page: '运行器继续在上面工作，它的页面：',
  next: [
    [`${DEMO_ZH} --rows 1000000`, '把日志重复到一百万个作业'],
    [`${DEMO_ZH} --purge --seed 7`, '换一种损坏，并删除旧作业'],
    [`${DEMO_ZH} --undo`, '撤销对卡住作业所做的更改'],
    [`${DEMO_ZH} --keep`, '保留数据库，亲自看看'],
  ],
};

/** Where a server comes from: a variable with its URL, or a place where its program was found. */
const sourceOf = (source: string) =>
  source.endsWith('_URL') ? `来自 ${source}` : source.replace('embedded', '内嵌').replace(' package', ' 软件包');

const SKIPS = {
  tooFewFields: '少于 18 个字段',
  notANumber: '有非数字字段',
  invalidId: '没有有效的作业编号',
  duplicateId: '作业编号重复',
  partial: '只是部分记录',
  noSubmitTime: '没有提交时间',
  noRunTime: '没有运行时间',
  impossibleTime: '时间不可能',
} as const;
