import { useComputedColorScheme } from '@mantine/core';
import { HeatmapChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { z } from 'zod';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import type { evaluated } from '../../api.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';

use([HeatmapChart, GridComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

type Cells = z.infer<typeof evaluated>['matrix'];

/** The least height of a row, pixels. */
const ROW = 22;
const MARGINS = 190;

/** The confusion matrix as a picture; what it shows stands in words below it. */
export function ConfusionChart({ cells }: { readonly cells: Cells }) {
  const texts = useTexts(trainingTexts);
  const { nameOf } = useTraining();
  const ref = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const labels = [...new Set(cells.flatMap(({ truth, answer }) => [truth, answer]))].sort((a, b) =>
    a === 'none' ? 1 : b === 'none' ? -1 : nameOf(a).localeCompare(nameOf(b)),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours that are read from the page
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const chart = init(element, null, { renderer: 'svg' });
    chart.setOption(optionOf(cells, labels, nameOf, element));
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [cells, nameOf, scheme]);
  return (
    <div
      ref={ref}
      className={styles.chart}
      style={{ height: labels.length * ROW + MARGINS }}
      role="img"
      aria-label={texts.t('matrix')}
    />
  );
}

function optionOf(
  cells: Cells,
  labels: readonly string[],
  nameOf: (intent: string) => string,
  element: Element,
) {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const totals = new Map<string, number>();
  for (const { truth, count } of cells) totals.set(truth, (totals.get(truth) ?? 0) + count);
  const axis = {
    type: 'category',
    data: labels.map(nameOf),
    axisLabel: { color: colour('--ink'), fontSize: 11, interval: 0, width: 120, overflow: 'truncate' },
    axisLine: { lineStyle: { color: colour('--line-strong') } },
    splitLine: { show: true, lineStyle: { color: colour('--line') } },
  };
  return {
    animation: false,
    tooltip: {
      confine: true,
      backgroundColor: colour('--raised'),
      textStyle: { color: colour('--ink'), fontSize: 12 },
      renderMode: 'richText',
      formatter: ({ value }: { value: readonly [number, number, number, number] }) =>
        `${nameOf(labels[value[1]] ?? '')} → ${nameOf(labels[value[0]] ?? '')}: ${value[3]}`,
    },
    grid: { left: 132, right: 8, top: 8, bottom: 140 },
    xAxis: { ...axis, axisLabel: { ...axis.axisLabel, rotate: 90 } },
    yAxis: { ...axis, inverse: true },
    // Shares of a row: intents with many phrases would hide the others.
    visualMap: {
      show: false,
      min: 0,
      max: 1,
      dimension: 2,
      inRange: { color: [colour('--hover'), colour('--accent')] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map(({ truth, answer, count }) => [
          labels.indexOf(answer),
          labels.indexOf(truth),
          count / (totals.get(truth) ?? 1),
          count,
        ]),
        itemStyle: { borderColor: colour('--surface'), borderWidth: 1 },
      },
    ],
  };
}
