import pytest

from tests.cohort.made_corpus import processed


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return processed(tmp_path_factory.mktemp("cohort"))
