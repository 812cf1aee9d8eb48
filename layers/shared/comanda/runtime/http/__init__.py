"""HTTP functions: routing, validation, problem documents, conditional and idempotent requests."""

from comanda.runtime.http.findings import from_validation as from_validation
from comanda.runtime.http.function import Handler as Handler
from comanda.runtime.http.function import ProblemPage as ProblemPage
from comanda.runtime.http.function import http_function as http_function
from comanda.runtime.http.function import passing as passing
from comanda.runtime.http.function import time_left as time_left
from comanda.runtime.http.headers import idempotency_key as idempotency_key
from comanda.runtime.http.headers import if_match as if_match
from comanda.runtime.http.headers import origin_of as origin_of
from comanda.runtime.http.problems import document as document
from comanda.runtime.http.problems import plain_problem as plain_problem
from comanda.runtime.http.problems import problem_answer as problem_answer
from comanda.runtime.http.replies import Shown as Shown
from comanda.runtime.http.replies import answer as answer
from comanda.runtime.http.replies import answers as answers
from comanda.runtime.http.replies import download as download
from comanda.runtime.http.replies import page as page
from comanda.runtime.http.replies import replayed as replayed
from comanda.runtime.http.replies import see_other as see_other
from comanda.runtime.http.replies import to_json as to_json
