import type { ColumnKind } from '../inspection/column-kind.js';
import type { MistakeAt, MistakeTexts } from '../inspection/schema-mistake.js';

const HOLDERS = { table: '表', collection: '集合' } as const;
const UNITS = { seconds: '秒', milliseconds: '毫秒' } as const;

const meantOr = ({ meant }: MistakeAt, fix: string): string =>
  meant === undefined ? fix : `${fix}；是不是想写 ${meant}？`;
const parent = (option: string): string => option.slice(0, option.lastIndexOf('.'));

/** What the column of a message or an exit code has to hold. */
const SAID: { readonly [Kind in ColumnKind]?: string } = { text: '文本', json: ' JSON ', number: '数字' };

/** Mistakes in the mapping, in simplified Chinese. */
export const mistakesZhCN: MistakeTexts = {
  missing: ({ what, name }, at) => ({
    problem: `没有名为“${name}”的${HOLDERS[what]}`,
    fix: meantOr(
      at,
      what === 'table'
        ? `修改 ${at.option}（以及 ${parent(at.option)}.schema），或者创建该表`
        : `把 ${at.option} 改成正确的集合名；如果名字没错，MongoDB 会在写入第一个文档时创建它，也可以现在就创建`,
    ),
  }),
  column: ({ table, column }, at) => ({
    problem: `表“${table}”没有列“${column}”`,
    fix: meantOr(at, `把 ${at.option} 改成实际的列名`),
  }),
  type: ({ type, wanted, isCount }, { option }) => ({
    problem: wanted in SAID ? `该列的类型是 ${type}，存不了${SAID[wanted]}` : `该列的类型是 ${type}，与 ${wanted} 不符`,
    fix: isCount
      ? `把 ${option} 改成能存数字的列`
      : wanted in SAID
        ? `把 ${option} 设为 null（不写入），或改成能存${SAID[wanted]}的列${wanted === 'text' ? '，或改为 { column, json } 或 { column, number }' : ''}`
        : `把 ${option}.codec 改成该列实际的存法`,
  }),
  notUnique: ({ what, name, column, key, scopedBy }) => ({
    problem: `${HOLDERS[what]}“${name}”中可能有两行的“${column}”相同：没有只含这一列的唯一${what === 'table' ? '键' : '索引'}`,
    fix:
      what === 'table'
        ? [
            ...(key.length === 0 ? [] : [`在那里写出整个键（${key.join('、')}）`]),
            ...(scopedBy.length === 0 ? [] : [`在 filters.scope 中为 ${scopedBy.join('、')} 各指定一个值`]),
            `在“${column}”上建唯一索引`,
          ].join('，或')
        : `在“${column}”上建唯一索引，或改为映射 _id`,
  }),
  notWritable: ({ what, name, type }, { option }) => ({
    problem: `“${name}”是${VIEWS[type] ?? ` ${type}`}，不能写入`,
    fix: `把 ${option} 改成它背后的${HOLDERS[what]}`,
  }),
  generated: ({ column }, { option }) => ({
    problem: `“${column}”由数据库根据其他列生成，不能写入`,
    fix: `把 ${option} 改成可以写入的列；允许的话也可以设为 null`,
  }),
  equates: ({ column, by, key }, { option }) => ({
    problem: `“${column}”按 ${by} 比较，“${key}”中两个不同的键对它可能是同一个`,
    fix: `让它与“${key}”类型和排序规则一致，或把 ${option} 改成这样的列`,
  }),
  linkType: ({ column, type, key, keyType }, { option }) => ({
    problem: `“${column}”的类型是 ${type}，而它所指的“${key}”的类型是 ${keyType}`,
    fix: `让两者类型一致，或把 ${option} 改成类型一致的列`,
  }),
  group: ({ column, type }) => ({
    problem: `“${column}”的类型是 ${type}，按读出的值找不回原来的行，不能用来分组`,
    fix: "换成其他类型的列（例如生成列），或把 filters.keepNewest.per 设为 'name' 或 'all'",
  }),
  field: ({ collection, field, documents }, { option }) => ({
    problem: `查看了集合“${collection}”的 ${documents} 个文档，都没有字段“${field}”`,
    fix: `把 ${option} 改成实际的字段名`,
  }),
  value: ({ type, wanted, number }, { option }) => ({
    problem:
      number === undefined
        ? `该字段存的是 ${type}，与 ${wanted} 不符`
        : `该字段的值 ${number.value} 看起来是${UNITS[number.looksLike]}，与 ${wanted} 不符`,
    fix: `把 ${option}.codec 改成该字段实际的存法`,
  }),
  isoText: ({ value }, { option }) => ({
    problem: `其中有 ${JSON.stringify(value)}，这样的文本不按时间先后排序`,
    fix: `在其中按 UTC 写成 2026-02-10T12:00:00.000Z；如果该值表示“未设置”，请写进 ${option}.unset`,
  }),
  link: ({ links, ids }) => ({
    problem: `该字段存的是 ${links.join(' 或 ')}，而作业 ID 的类型是 ${ids.join(' 或 ')}：没有任何分配能对上作业`,
    fix: '映射真正存放作业 ID 的字段，或让两者类型一致',
  }),
  ahead: ({ rows, ahead }, { option }) => ({
    problem: `最新的 ${rows} 个时间中有 ${ahead} 个比数据库时钟快 5 分钟以上`,
    fix: `把 ${option}.codec 改成实际的存法，或改为按 UTC 写入；并检查是否有主机时钟偏快`,
  }),
  rowSecurity: ({ table }) => ({
    problem: `表“${table}”对当前角色启用了行级安全，有些行可能看不到，或者不允许修改`,
    fix: '改用带 BYPASSRLS 的角色连接，或为当前角色建立策略，让它能看到并修改要清理的每一行',
  }),
  storage: ({ table, engine }) => ({
    problem: `表“${table}”使用的存储引擎 ${engine} 没有事务，也没有行锁`,
    fix: `改用其他存储引擎：ALTER TABLE ${table} ENGINE = InnoDB`,
  }),
  writers: ({ cluster, nodes }, { option }) => ({
    problem: `该集群（${cluster}）有${nodes === null ? '多' : ` ${nodes} `}个节点接受写入，各节点互不知道对方的行锁`,
    fix: `让 jobsweep 和所有 worker 都只通过同一个节点写入，然后写明 ${option}: 'accepted'`,
  }),
  archive: ({ name, of, misfits }, { option }) => ({
    problem:
      misfits === null
        ? `没有表“${name}”，无处保存从“${of}”删除的行`
        : `表“${name}”放不下“${of}”的所有列：${misfits
            .map(({ column, type, other }) =>
              other === null ? `缺少“${column}”（${type}）` : `“${column}”在其中是 ${other}，而不是 ${type}`,
            )
            .join('；')}`,
    fix:
      misfits === null
        ? `运行 \`jobsweep init --apply\` 建表，或修改 ${option}`
        : `把这些列改成与“${of}”一致。在此之前 old_job_cleanup 不删除任何行`,
  }),
  cascade: ({ table, columns, constraint, to, isJobs }, { option }) => ({
    problem: `“${table}”的行（${columns.join(', ')}）会因外键 ${constraint} 随“${to}”的行一起删除，而且不会归档`,
    fix: `${
      isJobs
        ? '请修改这个外键的 ON DELETE，例如 SET NULL'
        : `请在 ${option} 中写出“${table}”，或修改这个外键的 ON DELETE`
    }。在此之前 old_job_cleanup 不删除任何行`,
  }),
  fence: ({ field, type }, { option }) => ({
    problem: `作业的字段“${field}”存的是 ${type}，无法自增`,
    fix: `把 ${option} 改成一个未被占用的字段名，或存放数字的字段`,
  }),
};

const VIEWS: Readonly<Record<string, string>> = { view: '视图', 'read-only view': '只读视图' };
