import { parser } from '@prometheus-io/lezer-promql';

/** A condition on a label: `strategy=~"a|b"`. */
interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** A metric that an expression reads. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** Labels that a part of an expression groups or joins by, and the metrics in that part. */
export interface Grouping {
  readonly labels: readonly string[];
  readonly metrics: readonly string[];
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** An expression of PromQL, read with the parser of Prometheus's own user interface. */
export class Query {
  readonly selectors: readonly Selector[];
  readonly groupings: readonly Grouping[];
  private readonly root: Node;

  /** Throws where it is none. Grafana's variables may stand for durations and in texts. */
  constructor(private readonly text: string) {
    this.text = text.replaceAll('[$__rate_interval]', '[5m]');
    this.root = parser.parse(this.text).topNode;
    this.root.cursor().iterate(({ type, from }) => {
      if (type.isError) throw new Error(`Not PromQL at "${this.text.slice(from)}": ${text}`);
    });
    this.selectors = this.all(this.root, 'VectorSelector').map((node) => this.selectorAt(node));
    this.groupings = [...this.all(this.root, 'AggregateExpr'), ...this.all(this.root, 'BinaryExpr')].flatMap((node) => {
      const clause = node.getChild('AggregateModifier') ?? node.getChild('MatchingModifierClause');
      if (clause === null) return [];
      return { labels: this.labelsAt(clause), metrics: this.selectorsAt(node).map(({ metric }) => metric) };
    });
  }

  /** The labels that the result is grouped by; `undefined`: it has those of its metrics. */
  get resultLabels(): readonly string[] | undefined {
    const [outer] = this.all(this.root, 'AggregateExpr');
    if (outer === undefined) return undefined;
    const clause = outer.getChild('AggregateModifier');
    return clause === null ? [] : this.labelsAt(clause);
  }

  private selectorsAt(node: Node): Selector[] {
    return this.all(node, 'VectorSelector').map((selector) => this.selectorAt(selector));
  }

  private selectorAt(node: Node): Selector {
    const matchers = this.all(node, 'UnquotedLabelMatcher').map((matcher) => ({
      label: this.textOf(matcher.getChild('LabelName')),
      operator: this.textOf(matcher.getChild('MatchOp')),
      value: this.textOf(matcher.getChild('StringLiteral')).slice(1, -1),
    }));
    return { metric: this.textOf(node.getChild('Identifier')), matchers };
  }

  private labelsAt(clause: Node): string[] {
    return this.all(clause, 'LabelName').map((label) => this.textOf(label));
  }

  private all(node: Node, name: string): Node[] {
    const found: Node[] = [];
    node.cursor().iterate((child) => {
      if (child.name === name) found.push(child.node);
    });
    return found;
  }

  private textOf(node: Node | null): string {
    return node === null ? '' : this.text.slice(node.from, node.to);
  }
}
