import type { Words } from '../en/index.js';

export const start: Words['start'] = {
  started: (where, strategies) => `已启动${where}：${strategies}`,
  serving: (url) => `，服务地址 ${url}`,
  stopping: '正在停止',
  stopped: '已停止',
};
