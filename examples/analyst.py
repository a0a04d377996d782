"""An analyst's half hour: two exports, three tables, the line of one deal.

Run it with: PYTHONPATH=bindings/python python3 examples/analyst.py
"""

import pathlib
import tempfile

import throughline as tl

MAP = pathlib.Path(__file__).resolve().parents[1] / "mappings" / "olist.json"
LEADS = """mql_id,first_contact_date,landing_page_id,origin
m1,2018-01-08,page-spring,paid_search
m2,2018-01-20,page-spring,organic_search
m3,2018-02-02,page-guide,email
"""
DEALS = """mql_id,seller_id,sdr_id,sr_id,won_date,business_segment,declared_monthly_revenue
m1,s1,ada,max,2018-03-05 14:20:00,toys,0
m3,s3,ada,max,2018-03-27 09:00:00,watches,0
"""

with tempfile.TemporaryDirectory() as exports:
    pathlib.Path(exports, "marketing_qualified_leads.csv").write_text(LEADS, encoding="utf-8")
    pathlib.Path(exports, "closed_deals.csv").write_text(DEALS, encoding="utf-8")
    ledger = tl.read(exports, map=MAP)

with ledger, ledger.snapshot() as snapshot:
    for name in ("pipeline", "funnel", "sources"):
        print(snapshot.report(name).to_text(width=100))
    won = snapshot.rows("sources", 0, "won")  # the deals behind a number of the table above
    print("won of the best source:", [row["id"] for row in won])

    trace = ledger.trace("olist:s1")
    print(trace.sentence)
    for event in trace.events:
        stage = f"-> {event.to_stage.key}" if event.to_stage else ""
        print(event.occurred_at.date(), event.event, event.channel or "", stage)
