/** Declares imports that end in `?worker&inline`: Vite puts the code of the worker into the page. */
declare module "*?worker&inline" {
  const InlineWorker: new () => Worker;
  export default InlineWorker;
}
