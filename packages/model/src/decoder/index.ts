export { DECODER, type DecoderConfig, decoderConfig } from './config.ts';
export { type FitDecoderOptions, type FittedDecoder, fitDecoder } from './fit-decoder.ts';
export type { ChannelScale } from './forward.ts';
export { chooseImages } from './training-images.ts';
