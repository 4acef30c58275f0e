import { RealopsError, type PluginCheck } from '@alice/realops/plugin';
import { findFfmpeg, GET_FFMPEG } from './find.js';

/** What `realops doctor` says of ffmpeg. */
export const ffmpegCheck: PluginCheck = {
  name: 'ffmpeg',
  description: 'Reads audio that is not plain WAV, of clips and of synthesisers: mp3, ogg, flac, m4a and others.',
  async run(context) {
    try {
      const ffmpeg = await findFfmpeg(context);
      if (ffmpeg === undefined) return { state: 'missing', message: 'there is no ffmpeg', hint: GET_FFMPEG };
      return { state: 'ok', message: `${ffmpeg.version}  ${ffmpeg.path} (${ffmpeg.from}), libavformat ${ffmpeg.libavformat}` };
    } catch (error) {
      if (!(error instanceof RealopsError) || context.signal.aborted) throw error;
      return { state: 'broken', message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
    }
  },
};
