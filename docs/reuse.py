"""Every table of the installed package, and one claim with its evidence."""

from detainer_analysis import tables
from detainer_analysis.claims import check
from detainer_analysis.schemas import FOLDERS
from detainer_analysis.sources import cite

for folder in ("reported", "derived"):
    for name in FOLDERS[folder]:
        table = tables.load(name)  # a pandas.DataFrame
        print(folder, name, len(table), cite(table["source_id"].iloc[0]))
print(check("top-ten-share"))
