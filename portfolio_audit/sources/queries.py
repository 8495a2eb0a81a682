"""The GraphQL documents, as few and as small as the facts allow.

Asked for is only what a fact or the page needs: no company, place, pronoun, follower or picture of a person. Counts
of issues, pulls and history are left to the details, because a page of repositories with counts is what times out.
Every path of a file travels as a variable, never inside a document. All documents are validated against the
official schema in the tests.
"""

from collections.abc import Sequence

OVERVIEW = """
query PortfolioOverview(
  $login: String!, $pageSize: Int!, $cursor: String, $withProfile: Boolean!, $withExtras: Boolean!
) {
  repositoryOwner(login: $login) {
    __typename
    id
    login
    url
    ... on User @include(if: $withProfile) {
      databaseId
      name
      bio
      websiteUrl
    }
    ... on User @include(if: $withExtras) {
      socialAccounts(first: 10) { nodes { url } }
      pinnedItems(first: 6, types: [REPOSITORY]) { nodes { __typename ... on Repository { nameWithOwner } } }
      profileRepository: repository(name: $login, followRenames: false) {
        upper: object(expression: "HEAD:README.md") { __typename ... on Blob { isBinary text } }
        lower: object(expression: "HEAD:readme.md") { __typename ... on Blob { isBinary text } }
      }
    }
    repositories(
      first: $pageSize
      after: $cursor
      ownerAffiliations: [OWNER]
      privacy: PUBLIC
      orderBy: { field: PUSHED_AT, direction: DESC }
    ) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id
        name
        nameWithOwner
        url
        description
        homepageUrl
        createdAt
        pushedAt
        diskUsage
        isArchived
        isDisabled
        isEmpty
        isFork
        isLocked
        isMirror
        isTemplate
        parent { nameWithOwner defaultBranchRef { target { oid } } }
        templateRepository { nameWithOwner }
        licenseInfo { key spdxId }
        primaryLanguage { name }
        languages(first: 20, orderBy: { field: SIZE, direction: DESC }) { edges { size node { name } } }
        repositoryTopics(first: 20) { nodes { topic { name } } }
        defaultBranchRef { name target { __typename oid ... on Commit { committedDate tree { oid } } } }
      }
    }
  }
  rateLimit { cost remaining resetAt }
}
"""

ORGANIZATION = """
query OrganizationProfile($login: String!) {
  organization(login: $login) {
    databaseId
    name
    description
    websiteUrl
    pinnedItems(first: 6, types: [REPOSITORY]) { nodes { __typename ... on Repository { nameWithOwner } } }
  }
  rateLimit { cost remaining resetAt }
}
"""
"""By itself, because a classic token without the scope read:org has any document refused as a whole that names a field
of the type Organization, whoever it is about."""

_DEPLOYMENTS = """
      deployments(first: 5, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { environment latestStatus { state environmentUrl } }
      }"""
_DETAILS = """
query RepositoryDetails($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Repository {
      defaultBranchRef { target { ... on Commit { history(first: 1) { totalCount } } } }
      releases(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) {
        totalCount
        nodes { tagName publishedAt }
      }%s
      submodules(first: 10) { totalCount nodes { path subprojectCommitOid } }
    }
  }
  rateLimit { cost remaining resetAt }
}
"""
DETAILS = _DETAILS % _DEPLOYMENTS
DETAILS_WITHOUT_DEPLOYMENTS = _DETAILS % ""
"""For a token to which deployments are closed; what a document only names is refused too, so a variable does not do."""

MERGED_ELSEWHERE = """
query MergedElsewhere(
  $merged: String!, $landed: String!, $first: Int!, $cursor: String, $withLanded: Boolean!
) {
  merged: search(type: ISSUE, query: $merged, first: $first, after: $cursor) { ...Pulls }
  landed: search(type: ISSUE, query: $landed, first: $first) @include(if: $withLanded) { ...Pulls }
  rateLimit { cost remaining resetAt }
}

fragment Pulls on SearchResultItemConnection {
  issueCount
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on PullRequest {
      title
      url
      mergedAt
      closedAt
      additions
      deletions
      changedFiles
      authorAssociation
      labels(first: 10) { nodes { name } }
      repository { nameWithOwner isFork }
    }
  }
}
"""

_PEOPLE = """
      totalCount
      pageInfo { hasNextPage endCursor }
      edges {
        role
        node {
          login
          databaseId
          name
          repositories(ownerAffiliations: [OWNER], privacy: PUBLIC) @include(if: $withCounts) { totalCount }
        }
      }
"""

MEMBERS = f"""
query OrganizationMembers($org: String!, $pageSize: Int!, $cursor: String, $withCounts: Boolean!) {{
  viewer {{ login }}
  organization(login: $org) {{
    login
    viewerIsAMember
    people: membersWithRole(first: $pageSize, after: $cursor) {{{_PEOPLE}    }}
  }}
  rateLimit {{ cost remaining resetAt }}
}}
"""

TEAM = f"""
query TeamMembers($org: String!, $team: String!, $pageSize: Int!, $cursor: String, $withCounts: Boolean!) {{
  organization(login: $org) {{
    login
    viewerIsAMember
    team(slug: $team) {{
      slug
      people: members(first: $pageSize, after: $cursor) {{{_PEOPLE}      }}
    }}
  }}
  rateLimit {{ cost remaining resetAt }}
}}
"""

MOST_FILES = 50
MOST_QUARTERS = 8
"""Two years: longer than a hiring manager looks back, and as much as busy accounts can be asked for at once."""


def contributions_by_quarter(count: int) -> str:
    """The document that counts contributions in `count` (1 to 8) spans, with variables $login, $f0, $t0, $f1, …

    A span longer than a quarter exceeds the service's own limits for busy accounts.
    """
    if not 1 <= count <= MOST_QUARTERS:
        raise ValueError(f"{count} quarters in one document")
    numbers = range(count)
    variables = ", ".join(f"$f{number}: DateTime!, $t{number}: DateTime!" for number in numbers)
    spans = "\n".join(
        f"    q{number}: contributionsCollection(from: $f{number}, to: $t{number}) {{ ...Counts }}"
        for number in numbers
    )
    return (
        f"query ContributionsByQuarter($login: String!, {variables}) {{\n  user(login: $login) {{\n{spans}\n  }}\n"
        "  rateLimit { cost remaining resetAt }\n}\n\n"
        "fragment Counts on ContributionsCollection {\n"
        "  totalCommitContributions\n  totalIssueContributions\n  totalPullRequestContributions\n"
        "  totalPullRequestReviewContributions\n  restrictedContributionsCount\n}\n"
    )


def missing_files(count: int) -> str:
    """The document that asks for `count` files (1 to 50) of one repository, with variables $id and $e0, $e1, …"""
    if not 1 <= count <= MOST_FILES:
        raise ValueError(f"{count} files in one document")
    numbers = range(count)
    variables = ", ".join(f"$e{number}: String!" for number in numbers)
    files = "\n".join(
        f"      f{number}: object(expression: $e{number}) {{ __typename ... on Blob {{ oid isTruncated text }} }}"
        for number in numbers
    )
    return (
        f"query MissingFiles($id: ID!, {variables}) {{\n  node(id: $id) {{\n    ... on Repository {{\n{files}\n"
        "    }\n  }\n  rateLimit { cost remaining resetAt }\n}\n"
    )


def merged_search(login: str) -> str:
    """The search for pull requests of a person that were merged into repositories of others, newest first."""
    return f"type:pr is:merged is:public author:{login} -user:{login} sort:updated-desc"


def landed_search(login: str, labels: Sequence[str]) -> str:
    """The search for pull requests that a bot landed: closed without a merge, and labelled instead."""
    wanted = ",".join(f'"{label}"' for label in labels)
    return f"type:pr is:closed is:unmerged is:public author:{login} -user:{login} label:{wanted} sort:updated-desc"


def closed_search(login: str) -> str:
    """Both in one search, for readers that cannot afford two; the answer tells them apart."""
    return f"type:pr is:closed is:public author:{login} -user:{login}"
