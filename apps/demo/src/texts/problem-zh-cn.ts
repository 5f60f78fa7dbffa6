import type { Problem } from '../errors.js';
import { listOf } from './lists.js';

const USAGE: Readonly<Record<string, string>> = {
  'commander.unknownOption': '未知选项',
  'commander.optionMissingArgument': '选项缺少参数',
  'commander.excessArguments': '多余的参数',
};

/** One line that says what is wrong and, where that is not plain, what to do. */
export function problemZhCN(problem: Problem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `无法读取 ${problem.path}：${problem.reason}`;
    case 'notALog': {
      const where = problem.line === undefined ? '其中没有记录' : `第 ${problem.line} 行不是由 18 个数字组成的记录`;
      return `${problem.path} 不是标准工作负载格式（SWF）的日志：${where}`;
    }
    case 'noJobs':
      return `${problem.path} 中没有可导入的作业：${problem.skipped} 行都不成为作业`;
    case 'badUsage':
      return `${USAGE[problem.code] ?? '用法错误'} ${problem.subject}（参见 --help）`;
    case 'badNumber': {
      const what = problem.whole ? '整数' : '数字';
      return `${problem.option} ${problem.value}：请给出 ${problem.from} 到 ${problem.to} 之间的${what}`;
    }
    case 'badRange':
      return `${problem.option} ${problem.value}：请给出 ${problem.from} 到 ${problem.to} 之间的两个数字，例如 1-10`;
    case 'badChoice':
      return `${problem.option} ${problem.value}：请给出 ${listOf(problem.choices, '、', ' 或 ')}`;
    case 'noPair': {
      const pairs = Object.entries(problem.databasesOf).map(
        ([adapter, databases]) => `${adapter} 配 ${listOf(databases, '、', ' 或 ')}`,
      );
      return `--adapter ${problem.adapter} --database ${problem.database}：没有这种组合，可用的有 ${pairs.join('；')}`;
    }
    case 'unwritable':
      return `无法写入 ${problem.path}：${problem.reason}`;
    case 'noServer':
      return `没有可用的数据库：${problem.message}`;
  }
}
