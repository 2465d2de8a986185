import { render } from "preact";
import type { ReportData } from "../report/index.js";
import { ReportApp } from "./report/report-app.js";
import "./style.css";

const data = JSON.parse(document.getElementById("report-data")?.textContent ?? "") as ReportData;
render(<ReportApp data={data} />, document.body);
