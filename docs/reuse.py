"""Every table of the installed package, and one claim with its evidence."""

from detainer_analysis import check, load, tables
from detainer_analysis.data.sources import cite

for name, folder in tables()["folder"].items():
    if folder != "hand":  # decisions of ours have a reason in each row instead of a source
        table = load(name)  # a pandas.DataFrame
        print(folder, name, len(table), *map(cite, table["source_id"].head(1)))
print(check("top-ten-share"))
