"""The code of use-the-research-tables.md as cells of a notebook: set the two folders, then run cell by cell."""
# ruff: noqa: E402 - a notebook imports where it needs to

# %%
FOLDER, OTHER = "research", "research of another authority"

# %%
import hearthlink

room = hearthlink.open(FOLDER)
for table in room.tables().to_rows():
    print(table["table"], table["rows"], table["says"])

# %%
for column in room.codebook("research_child").to_rows():
    print(column["column"], "|", column["says"], "| empty:", column["empty"])

# %%
whole = room.share("on_benefit").to_rows()[0]
print(f"{whole['having']:.0f} of {whole['observed']:.0f} children: {whole['share']:.1%}")
print(f"these children, allowing for linkage: {whole['these_low']:.1%} to {whole['these_high']:.1%}")
print(f"the process, allowing for chance too: {whole['process_low']:.1%} to {whole['process_high']:.1%}")

# %%
for group in room.share("workless", by="age").to_rows():
    if not group["held_back"]:
        print(group["group"], round(group["having"]), "of", round(group["observed"]), group["state"])

# %%
for measure in room.measures().to_rows():
    print(measure["measure"], measure["windows"])

# %%
import pyarrow.compute as pc

draws = room.draws(first=20).to_arrow()
candidates = room.table("research_candidate").to_arrow()
joined = draws.join(candidates, ["child_pseudonym", "rank"])
in_draw = joined.group_by("draw").aggregate([("ever_before_12", "sum"), ("ever_before_12", "count")])
shares = pc.divide(pc.cast(in_draw["ever_before_12_sum"], "float64"), in_draw["ever_before_12_count"])
middle, low, high = (one(shares).as_py() for one in (pc.mean, pc.min, pc.max))
print(f"{middle:.1%} of the children linked, from {low:.1%} to {high:.1%} by draw")

# %%
panel = room.panel(["status", "workless"]).to_arrow()
by_month = panel.group_by("month").aggregate([("workless", "count"), ("workless", "sum")]).sort_by("month")
print(by_month.slice(0, 3).to_pylist())

calendar = room.table("research_calendar").to_arrow()
masked = calendar.filter(pc.field("uprated"))["month"].to_pylist()
print("a change of income in these months may be everybody's:", masked)

# %%
for group in room.quality().to_rows():
    print(group["topic"], group["group"], group["children"], round(group["expected_right"]))

# %%
both = hearthlink.open([FOLDER, OTHER])
for row in both.share("on_benefit").to_rows():
    print(row["part"], row["share"], row["leaning"], row["leaning_low"], row["leaning_high"], row["spread"])
