/** A worker whose code is in the page, as Vite makes one of an import with this ending. */
declare module "*?worker&inline" {
  const InlineWorker: new () => Worker;
  export default InlineWorker;
}
