export { type Entry, type Message, Reader, type ReaderOptions } from "./reader.js";
