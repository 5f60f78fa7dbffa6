import type { Words } from '../en/index.js';

export const help: Words['help'] = {
  headings: { 'Usage:': '用法：', 'Arguments:': '参数：', 'Options:': '选项：', 'Commands:': '命令：' },
  program: '让作业表和资源分配表保持真实：发现泄漏，给出计划，进行修复。',
  usage: '<命令> [选项]',
  version: '显示版本',
  help: '显示本帮助',
  helpOf: '显示某个命令的帮助',
  end: `
退出状态：0 正常，1 有发现或失败，2 用法或配置有误。
配置文件是当前目录下的 jobsweep.config.ts、.mjs 或 .json，或由 --config <file> 指定。`,
  config: '配置文件（默认：当前目录下的 jobsweep.config.{ts,mjs,json}）',
  json: '只输出一个供程序读取的 JSON 值',
  init: {
    about: '生成配置文件，并显示或创建 jobsweep 自己的表。',
    database: '数据库',
    adapter: '适配器包',
    urlVariable: '存放连接 URL 的环境变量（默认：PG_URL 等）',
    jobsTable: '作业表（默认：jobs）',
    allocationsTable: '资源分配表（默认：resource_allocations）',
    noAllocationsTable: '没有资源分配表',
    format: '新文件的格式（默认：ts）',
    force: '覆盖已存在的配置文件',
    apply: '创建缺少的 jobsweep 自己的表，而不只是显示语句',
    locale: '命令使用的语言（默认：随环境变量）',
    yes: '不提问，使用默认值',
  },
  doctor: {
    about: '检查一切可能妨碍策略在这些表上正常工作的问题。',
    measure: '测量查找待处理行的代价',
    applyIndexes: '创建缺少的索引；引擎支持时不阻塞写入',
    grants: '只输出为某个用户授予所需权限的语句',
  },
  list: { about: '列出策略：何时运行，上次何时修复，当前由谁执行。' },
  plan: {
    about: '显示每个策略现在会做什么，但什么也不做。',
    strategies: '只看这些（默认：全部，包括关闭的）',
    samples: '每个策略显示的行数',
    atMost: '统计到此为止',
  },
  run: {
    about: '运行一轮：按依赖顺序，每个策略一次。',
    strategies: '只运行这些；指定默认关闭的策略就会运行它',
    tags: '只运行带有其中任一标签的策略',
    dryRun: '只查看，不修改',
    yes: '删除大量作业前不询问',
    maxRows: '每个策略最多更改多少行',
    overrideBreaker: '超过熔断器上限也照常修复',
    verbose: '把日志写到标准错误',
  },
  start: {
    about: '按各自的时间表运行所有策略，直到收到 SIGTERM 或 SIGINT。',
    host: '提供页面、/healthz、/readyz 和 /metrics 的地址（默认：127.0.0.1）',
    port: '它们的端口（默认：9464；0：任意）',
    noHttp: '不提供 HTTP 服务',
    end: `
页面只提供给本机；配置中有 http.token 时，凡能访问该地址之处都可查看。

第一个 SIGTERM 或 SIGINT 会等待当前批次完成，最多 runner.graceSeconds；第二个立即结束进程。日志写到标准错误。`,
  },
  history: {
    about: '显示做过修复的执行记录，最新的在前。',
    limit: '显示的条数',
    strategy: '只看这个策略',
  },
  pause: {
    about: '从现在起，让所有运行器都不再执行某个策略。',
    strategy: '要暂停的策略',
    for: '暂停多久，单位为 s、m、h 或 d，例如 30m、2h 或 3d（默认：直到恢复）',
  },
  resume: { about: '让暂停的策略重新执行。', strategy: '已暂停的策略' },
  approve: {
    about: '批准一次被熔断器拦下的执行：最多更改当时待处理的行数，24 小时内有效。',
    strategy: '上一次执行被拦下的策略',
  },
  show: {
    about: '逐行显示一次执行更改了什么。',
    pass: '其编号，见 `jobsweep history`',
    job: '只看这些作业及其所占资源的更改，编号与 `show` 所显示的一致',
    limit: '显示的行数',
  },
  undo: {
    about: '撤销一次执行的更改（仅限此后没有再变化的行），并暂停其策略。',
    pass: '其编号，见 `jobsweep history`',
    job: '只撤销这些作业及其所占资源的更改，编号与 `show` 所显示的一致',
    dryRun: '只查看，不做更改',
    yes: '不询问',
  },
  restore: {
    about: '把已删除的作业连同其附属数据从归档中恢复，并暂停 old_job_cleanup。',
    pass: '只恢复这次执行删除的作业，编号见 `jobsweep history`（默认：归档中的全部）',
    job: '只恢复这些作业，编号与 `show` 所显示的一致',
    dryRun: '只查看，不做更改',
    yes: '不询问',
  },
  refusals: {
    'commander.unknownCommand': '没有这个命令',
    'commander.unknownOption': '没有这个选项',
    'commander.optionMissingArgument': '选项缺少参数',
    'commander.excessArguments': '参数太多',
    'commander.invalidArgument': '选项的值不可用',
  },
  wholeNumber: (option, value, from, to) =>
    `${option} 的值是“${value}”：应为${to === null ? `不小于 ${from} 的整数` : ` ${from} 到 ${to} 的整数`}`,
};
