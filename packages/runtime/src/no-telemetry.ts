/**
 * @file ONNX Runtime (since 1.29) sends usage events to its makers unless this is set before its library is loaded. What a
 * factory inspects is nobody's business: nothing leaves the machine unless its owner sets `ORT_DISABLE_TELEMETRY=0`.
 */
process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
