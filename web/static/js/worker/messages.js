/**
 * The messages between the page and its worker, and between that worker and the detector's worker.
 * A worker answers each request with one message, in the order of the requests; `ResetRequest` has
 * no answer, and `Progress` is sent any number of times before `Ready`.
 */

/** @import { DetectorSettings } from '../contract.js' */
/** @import { LiveResult } from '../tracking/live.js' */
/** @import { Detection } from '../vision/detections.js' */
/** @import { Verdict } from '../vision/detector.js' */
/** @import { Frame } from '../vision/geometry.js' */
/** @import { ModelFiles } from '../contract.js' */

// From the page to its worker

/** @typedef {{type: 'load'}} LoadRequest download and start the models */
/** @typedef {{type: 'track', frame: VideoFrame | ImageBitmap}} TrackRequest next live frame */
/** @typedef {{type: 'photo', bitmap: ImageBitmap}} PhotoRequest a photo */
/** @typedef {{type: 'reset'}} ResetRequest drop the tracks of the live video */
/** @typedef {{type: 'wait', timeMs: number}} WaitRequest answered after this time */
/** @typedef {LoadRequest | TrackRequest | PhotoRequest | ResetRequest | WaitRequest} WorkerRequest */

// From the worker to the page

/**
 * @typedef {{type: 'downloading', doneBytes: number, totalBytes: number} | {type: 'warming'}}
 *   Progress of loading
 */
/** @typedef {{type: 'ready', version: string}} Ready version of the contract */
/**
 * Part of every result: the size of the picture, and the number of tensors that both workers hold;
 * it is the same after every picture, unless memory leaks.
 * @typedef {{width: number, height: number, tensors: number}} PictureInfo
 */
/** @typedef {{type: 'tracks'} & LiveResult & PictureInfo} FrameResult */
/** @typedef {{type: 'verdicts', verdicts: Verdict[]} & PictureInfo} PhotoVerdicts */
/** @typedef {{type: 'waited'}} Waited */
/** @typedef {{type: 'tooLarge'}} TooLarge the photo does not fit into memory */
/** @typedef {{type: 'error', message: string}} Failure message for the user */
/**
 * @typedef {Progress | Ready | FrameResult | PhotoVerdicts | TooLarge | Waited | Failure}
 *   WorkerResponse
 */

// From the worker to the detector's worker

/** @typedef {{simd: string, plain: string}} WasmUrls with and without SIMD */
/**
 * @typedef {object} DetectorLoadRequest
 * @property {'load'} type
 * @property {DetectorSettings} settings
 * @property {ModelFiles} files already verified
 * @property {WasmUrls} urls
 */
/** @typedef {{type: 'detect', frame: Frame}} DetectRequest all passes, for a photo */
/**
 * One pass, for a live frame.
 * @typedef {{type: 'detectOnce', frame: Frame, side: number, scoreThreshold: number}}
 *   DetectOnceRequest
 */
/** @typedef {DetectorLoadRequest | DetectRequest | DetectOnceRequest} DetectorRequest */

// From the detector's worker; `tensors` is the number of tensors that it holds

/** @typedef {{type: 'ready', tensors: number}} DetectorReady */
/** @typedef {{type: 'detections', detections: Detection[], tensors: number}} Detections */
/** @typedef {DetectorReady | Detections | Failure} DetectorResponse */

export {};
