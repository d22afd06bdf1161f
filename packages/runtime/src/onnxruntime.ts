/** @file The one place that loads onnxruntime-node, after its telemetry has been turned off. */
import './no-telemetry.ts';

export * from 'onnxruntime-node';
