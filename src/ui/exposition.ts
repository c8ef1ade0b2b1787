interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Values of one name. Units are seconds and bytes, as Prometheus has them everywhere. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  /** Left out: it may rise and fall. */
  readonly sort?: 'gauge' | 'counter';
  readonly samples: readonly Sample[];
}

/** The text exposition format of Prometheus, version 0.0.4; a metric without samples is left out. */
export function expose(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, sort = 'gauge', samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${sort}`,
      ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
    ])
    .join('\n');
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
