import { HttpError } from "fresh";
import { TopBar } from "../components/top_bar.tsx";
import { Empty } from "../components/ui.tsx";
import { define } from "../state.ts";

export default define.page(({ error, state }) => {
  const known = error instanceof HttpError;
  const missing = known && error.status === 404;
  if (!known) console.error(error instanceof Error ? error.message : error);
  return (
    <>
      <TopBar crumbs={[]} />
      <main id="main">
        <h1>{missing ? "Not found" : "Something went wrong"}</h1>
        <Empty
          why={known && error.message
            ? error.message
            : missing
            ? "There is no page at this address."
            : state.report
            ? `The page could not be made: ${error instanceof Error ? error.message : error}`
            : "The page could not be made. The terminal where Parsloscope runs says why."}
          what={
            <a href="/">
              {state.report ? "The run's summary" : "All workflows of the open databases"}
            </a>
          }
        />
      </main>
    </>
  );
});
