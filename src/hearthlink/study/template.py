"""The commented study.toml that `hearthlink init` writes."""

from __future__ import annotations

BLANK = """\
# This file says what is asked of the extracts. On whose authority the study runs stands in protocol.toml, which two people sign
# (hearthlink protocol new): until it holds, Hearthlink opens no extract. Settings here may ask for less than it allows, never for more.

name = "{name}"
authority = ""               # the council, as the report should name it
year = "{year}"             # the census year: 1 April to 31 March
engine = "duckdb"            # or "spark": finding and comparing candidates, which grows with pairs of people, is then done in Spark;
                             # every other step is small and stays in DuckDB, and the links are the same

[permission]
name_origin = false          # true only where the protocol allows it: match quality by groups of surnames, six at most,
                             # from a list that you put in names/name_groups.csv (columns surname and group)
# ends = 2027-03-31          # an earlier last day of use than the protocol's, if you wish one

[files]
folder = "in"                # put your extracts here; docs/how-to/use-your-own-files.md says which
objections = "objections.csv"  # who objects and is left out; docs/how-to/honour-objections.md says how to keep it

# [[source]]                 # a table of your own, read by a mapping: as many of these as you need; docs/how-to/map-a-supplier.md
# table = "claim_period"     # which of Hearthlink's tables it fills
# file = "benefits/claims.xlsx"   # in the folder of extracts; or  database = "…"  and  query = "SELECT …"
# sheet = "Claims"           # of a workbook
# database = "revenues"
# query = "SELECT …"
# mapping = "claims.toml"    # in the folder maps, written by  hearthlink map FILE ; or the name of one that comes with Hearthlink

# [database.revenues]        # a database that a query is put to. Its password is never written down: see docs/sources/databases.md
# url = "postgresql://host:5432/name"
# user = "reader"            # who may read what the query asks for, and nothing else
# tls = "verified"           # "unverified" where the server vouches for itself; "none" sends everything in clear
# certificate = "council.pem"   # of whoever vouches for the server, where this machine does not know them
# minutes = 30               # the longest that a query may take

[cohort]
keep_households_without_children = false   # pensioners and the childless are removed, and counted
link_universal_credit_alone = false        # households known from Universal Credit alone are counted; true links children with them too,
                                           # and then the share on council benefits can change with that file

[refresh]
keep_pseudonyms = false      # true where the agreement lets a researcher follow the same children over later extracts: pseudonyms are then
                             # made with a key that rests in this folder, and stay until it is destroyed; false draws new ones

[linkage]
draws = 200                  # draws of the whole linkage that carry its doubt into every figure
cut = 0.5                    # a child is linked where being in any household on file is likelier than this;
                             # the shares come from the draws and do not depend on it
search = 100                 # children without a sure match who are compared with every household on file, to learn what
                             # the rules that propose candidates have missed: the more, the closer is the bound; 0 for none

[comparator]                 # what the share is set beside; the bases differ, and the report says so
share = 0.3333
label = "people who claim benefits, about 1 in 3"
source = "the feasibility study's own comparison, 2019-20"
base = "all people, not children, and all benefits; so the two bases differ"

[disclosure]
profile = "strict"           # strict, or what a signed protocol allows: nhs or dfe
threshold = 10               # counts under this are held back
rounding = 5                 # the rest are rounded to this
"""

PRACTICE = """\
# A practice study: everyone in it is made up. Its permission is good only for the files that
# `hearthlink synthesise` makes again, byte for byte, from the settings under [practice].

name = "Practice study"
authority = "{authority} (made up)"
year = "{year}"

[permission]
purpose = "Practice: to learn Hearthlink on made-up data"
ethics = "none needed: nobody in it exists"
dpia = "none needed: nobody in it exists"
agreement = "none needed: nobody in it exists"
ends = 2099-12-31

[permission.gateways]
social_care = "none needed: made-up data"
benefits = "none needed: made-up data"
geography = "none needed: made-up data"

[practice]
version = "{version}"
seed = {seed}
children = {children}
households = {households}
share = {share}
months = {months}
error_scale = {error_scale}
unequal_errors = {unequal_errors}
event_log_rate_ratio = {event_log_rate_ratio}
layouts = {layouts}
following = {following}
held_back = {held_back}
refresh = {refresh}
world = "{world}"
"""
