import type { Rule } from '@jobsweep/core';
import type { Words } from '../en/index.js';

const TIME_OF: Readonly<Record<Rule['name'], string>> = {
  completed_job_cleanup: '结束',
  stale_reservation_cleanup: '分配',
  stuck_job_cleanup: '开始',
  old_job_cleanup: '结束',
  orphaned_allocation_cleanup: '分配',
  waiting_job_cleanup: '创建',
};

export const doctor: Words['doctor'] = {
  titles: {
    server: '服务器',
    schema: '表和列',
    states: '状态',
    undated: '时间',
    orphans: '孤立分配',
    references: '其他表',
    indexes: '索引',
    snapshots: '快照',
    probe: '探针',
    ownTables: 'jobsweep 的表',
    privileges: '权限',
    claims: '轮次',
    violations: '当前待处理',
  },
  severities: { error: '错误', warning: '警告', info: '提示' },
  counts: {
    error: (count) => `${count} 个错误`,
    warning: (count) => `${count} 个警告`,
    info: (count) => `${count} 条提示`,
  },
  failedChecks: (count) => `${count} 项检查未能完成`,
  list: (items) => items.join('，'),
  sentence: (text) => `${text}${/[？。]$/.test(text) ? '' : '。'}`,
  fine: '一切就绪。',
  versions: (jobsweep, node) => `jobsweep ${jobsweep}，Node ${node}`,
  oldestFor: (what, length) => `${what}，最久的已有 ${length}`,
  costs: { lookingFor: '查找', takes: '用时', reads: '读取行数', took: '之前用时', read: '之前读取' },
  cannotTell: '这个适配器无法检查',
  pointless: '映射不符，无从检查',

  server: (product, version, zone) => `${product} ${version}，时区 ${zone}`,
  noWrites: {
    problem: '服务器不接受写入：它是备库，或被设为只读',
    fix: '请连接可写的服务器；`jobsweep start` 会一直等到它可写为止',
  },
  clock: (length, isAhead) => ({
    problem: `本机时钟比数据库${isAhead ? '快' : '慢'} ${length}`,
    fix: '两边都用 NTP 校时：是否到期由数据库判断，但日志中的时长不是',
  }),
  noTransactions: {
    problem: '服务器不支持事务，只能逐行写入',
    fix: '改用副本集，或了解 docs/repo-mongo.md 中仍可能发生的情况',
  },
  noFence: {
    problem: '写入所依据的作业可能在写入过程中被修改',
    fix: '设置 fenceField，或了解 docs/repo-mongo.md 中说明的时间窗口',
  },
  schemaFits: '表和列与映射一致',
  notPossible: {
    problem: '在这些表上无法使用',
    fix: '如果从来没有预留状态，就无需处理；否则请映射 RESERVED 状态',
  },
  notPossibleFiltered: {
    problem: '设有 filters.scope 或 filters.exclude 时无法使用：无从得知已不存在的作业属于谁',
    fix: '如果分配有指向作业的外键，就无需处理；否则请人工释放这类分配',
  },
  statesMapped: '所有状态都已映射',
  unknownState: (_rows, shown, value, option) => ({
    problem: `${shown} 行的值为${value === null ? ' NULL ' : `“${value}”`}，没有映射`,
    fix: `在 ${option} 中映射它，或保持不变：这样的行永远不会被写入`,
  }),
  untoldState: (_rows, shown, meets, option) => ({
    problem: meets === 'none' ? `${shown} 行不符合任何状态的条件` : `${shown} 行同时符合两个状态的条件`,
    fix:
      meets === 'none'
        ? `在 ${option} 中为它加一个状态，或保持不变：这样的行永远不会被写入`
        : `在 ${option} 中把这些状态区分开：这样的行永远不会被写入`,
  }),
  unusedState: (value, option) => ({
    problem: `列的类型允许“${value}”，没有映射`,
    fix: `在 ${option} 中映射它，或保持不变：取这个值的行永远不会被写入`,
  }),
  allDated: '每一行都有判断所需的时间',
  undated: (_rows, shown, rule) => ({
    problem: `${shown} 行没有${TIME_OF[rule]}时间，永远不会到期`,
    fix: '补上时间，或人工判断这些行',
  }),
  noAllocations: '没有资源分配表',
  noOrphans: '每个未释放的分配都有对应的作业',
  orphans: (rows) => ({
    problem: `${rows} 个未释放的分配所属的作业已不存在`,
    fix: '请启用 orphaned_allocation_cleanup，或人工释放，并添加外键以免再次出现',
  }),
  noForeignKeys: '这种数据库没有外键',
  noReferences: '没有表引用作业表',
  references: (tables, areIndexed) => `${tables} 张表引用作业表${areIndexed ? '，都有索引' : ''}`,
  noKey: {
    problem: '当前用户看不到把分配与作业关联起来的外键',
    fix: '建议添加外键，使分配不会失去作业；没有外键 jobsweep 也能工作',
  },
  blocks: (constraint) => ({
    problem: `它的行会阻止删除作业（${constraint}）`,
    fix: '请在 schema.dependents 中写出这张表，或事先解除这些行；在此之前这些作业会保留，并报告为受阻',
  }),
  cascades: (constraint) => ({
    problem: `它的行会随作业一起删除（${constraint}）`,
    fix: '打开 old_job_cleanup 之前，请确认这正是你想要的；schema.dependents.keep 可以保留有这些行的作业',
  }),
  nothing: () => ({
    problem: '看起来它的行指向作业，但没有外键：清除作业后它们会留下',
    fix: '若确实如此，请在 schema.dependents 中写出这张表，或添加外键',
  }),
  sets: (constraint) => ({
    problem: `作业删除后，它的行会失去所属作业（${constraint}）`,
    fix: '如果这是有意的，就无需处理',
  }),
  readsWhole: (columns) => ({
    problem: '没有索引，每删除一个作业都要读取整张表',
    fix: `创建以 ${columns} 开头的索引`,
  }),
  indexesMade: (names) => `已创建 ${names}`,
  indexesFit: (count) => `所需的 ${count} 个索引都在`,
  indexMissing: (name, strategies) => ({
    problem: `缺少索引 ${name}，用于 ${strategies}`,
    fix: '请创建它，或用 `jobsweep doctor --apply-indexes` 创建',
  }),
  view: (indexes) => ({
    problem: '这是视图：写入会落到它背后的表，ID 是否唯一、索引是否可用都无从得知',
    fix: `请确认它背后的表在 ID 上有唯一键，并有 ${indexes} 上的索引`,
  }),
  noOldSnapshots: '没有谁长时间保留已删除的行',
  oldSnapshot: (length) => ({
    problem:
      length === undefined
        ? '没有谁从中读取，它却把已删除的行留在表中，查找待处理的行时要越过它们'
        : `它已打开 ${length}，可能把已删除的行留在表中，查找待处理的行时要越过它们`,
    fix: '没有谁需要就结束它，或者改用更短的事务读取',
  }),
  noProbe: '执行不等待任何数值',
  probeSays: (value, above) => `当前值为 ${value}，超过 ${above} 时执行会等待`,
  probeAbove: (value, above) => ({
    problem: `当前值为 ${value}，超过了 ${above}，执行正在等待`,
    fix: '如果数据库确实这么忙，无需处理；否则请调高 `above`',
  }),
  probeFails: (reason) => ({
    problem: `它给不出数值，所以执行一直等待，什么也不修复：${reason.replace(/\.$/, '')}`,
    fix: '请修正查询，使它返回一个数',
  }),
  ownTablesUnused: '按配置不使用',
  ownTablesNone: '这个适配器没有自己的表',
  ownTableWrong: '请按 `jobsweep init` 给出的表结构修正',
  ownTablesMissing: () => ({
    problem: 'jobsweep 自己的表不存在，或当前用户看不到',
    fix: '运行 `jobsweep init --apply`；也可以不建：由一个运行器单独工作，不保留历史',
  }),
  noClaims: '没有认领记录',
  turnsFree: '所有轮次都空闲',
  turnsHeld: (count) => `${count} 个轮次正在执行`,
  approved: (rows, until) => ({
    problem: `已批准一次执行越过熔断器，最多更改 ${rows} 行，${until} 之前有效`,
    fix: '无需处理：下一次会被熔断器拦下的执行会用掉它，否则到期失效',
  }),
  lapsed: (holder, at) => ({
    problem: `${holder} 开始的轮次一直没有结束，认领已于${at === undefined ? '未知时间' : ` ${at} `}失效`,
    fix: '请检查那里的运行器是否已崩溃；下一个运行器会自动接手',
  }),
  paused: (by, until) => ({
    problem: `${by} 已暂停它${until === undefined ? '' : `，直到 ${until}`}，什么也不会修复`,
    fix: '`jobsweep resume` 让它重新执行',
  }),
  privileged: '当前用户具备策略所需的全部权限',
  lacks: (privilege, strategies) => ({
    problem: `当前用户缺少 ${privilege} 权限${strategies === '' ? '' : `，用于 ${strategies}`}`,
    fix: '请执行 `jobsweep doctor --grants <user>` 输出的语句',
  }),
  nothingDue: '没有待处理的行',
  duePartition: {
    problem: '这个分区的每一行都已到 old_job_cleanup 的期限，也没有其他行依附于它们',
    fix: '可以整体移除：以下语句先阻止写入，再次确认，然后删除分区',
  },
  late: (_rows, shown, length) => ({
    problem: `${shown} 行待处理，最久的已有 ${length}`,
    fix: '请看 `jobsweep plan`，并用 `jobsweep list` 确认运行器是否在工作',
  }),
};
