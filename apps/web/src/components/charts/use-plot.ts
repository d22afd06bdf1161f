/** @file A chart of uPlot in an element: made when it is shown, as wide as the element, in the colors of the theme. */
'use client';

import { useTheme } from 'next-themes';
import { type RefObject, useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import { loadUplot } from './load-uplot.ts';

export interface PlotLook {
  readonly isDark: boolean;
  /** Pixels. */
  readonly width: number;
}

export interface PlotOf {
  /** The same function as long as the chart stays as it is: another one makes a new chart. */
  readonly optionsOf: (look: PlotLook, Plot: typeof uPlot) => uPlot.Options;
  /** May change. */
  readonly data: uPlot.AlignedData;
}

/** @returns for the element that the chart is drawn into */
export function usePlot({ optionsOf, data }: PlotOf): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;
  const { resolvedTheme } = useTheme();

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let isGone = false;
    const observer = new ResizeObserver(() => {
      const { current } = chart;
      current?.setSize({ width: element.clientWidth, height: current.height });
    });
    void loadUplot().then((Plot) => {
      if (isGone) return;
      const look = { isDark: resolvedTheme === 'dark', width: element.clientWidth };
      chart.current = new Plot(optionsOf(look, Plot), latest.current, element);
      observer.observe(element);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [optionsOf, resolvedTheme]);

  useEffect(() => {
    chart.current?.setData(data);
  }, [data]);

  return host;
}
