"""Which link of a README leads to a running instance of the project, and which to something else."""

from typing import Any

import pytest

from portfolio_audit.facts import hosts
from portfolio_audit.facts.links import Links
from portfolio_audit.testing import make_tree


def links(text: Any, files: Any = None, path: Any = "README.md") -> Any:
    return Links.distil(make_tree({path: text, **(files or {})}))


def deployed(text: Any, **options: Any) -> Any:
    return [(link.url, link.location.line) for link in links(f"# Hive counter\n\n{text}\n", **options).deployments]


STATED = [
    "Live demo: https://hive.example-apiary.org",
    "### Live Demo\nhttps://hive-counter.streamlit.app",
    "LINK- https://hive-counter.streamlit.app/",
    "Live Link:\nhttps://hive-counter.streamlit.app/",
    "This app is deployed at\nhivecounter1.herokuapp.com\nHave fun.",
    "The app is deployed at: **https://hive-counter.me**",
    "> **Production:** deployed at **[https://hive.vercel.app](https://hive.vercel.app)**",
    "[![Open in Streamlit](https://static.streamlit.io/badges/streamlit_badge_black_white.svg)](https://hive.streamlit.app/)",
    '<a href="https://hive.fly.dev"><img src="https://img.shields.io/badge/demo-live-green"></a>',
    "Check the app [here](https://huggingface.co/spaces/ada/hive).",
    "Available at [hive-counter.org](https://hive-counter.org).",
    "- Live demo: https://ada.github.io/hive/",
    "I run a live version of this code on [hive.bee](https://hive.bee).",
    "Swagger UI (interactive docs): https://hive-api.onrender.com/docs",
    "```\ncurl -X POST https://hive-api-xk2.a.run.app/predict\n```",
    "Demo: http://93.184.216.34:8501/",
    "| Service | URL |\n|---|---|\n| Space | `ada-hive.hf.space` |",
    "Puedes probar la aplicación aquí: [enlace](https://colmena.onrender.com)",
    "在线演示：https://hive.bees.cn",
    "デモ：[こちら](https://hive.pages.dev)",
    "Демо: https://ulej.su",
    "Experimente o app ao vivo: https://colmeia.com.br",
    "[Find your hive](https://find-your-hive.onrender.com)",
    "Try it: https://todo-for-bees.herokuapp.com",
    "[View the live dashboard](https://public.tableau.com/views/Hive/Day)",
    "Temporary demo: https://0a1b2c3d.gradio.live",
    "Deployed with Argo CD at https://hive.openbees.org",
    "Live demo: https://flower-classifier.onrender.com",
    "#### [Visit App on Heroku](http://www.unhived.com/summary)",
    "[You can play with me here.](https://ada.github.io/hive)",
]
NOT_STATED = [
    "Live demo: https://your-app.streamlit.app",
    "Deployed at https://<your-app>.herokuapp.com",
    "Live demo: https://your-project.vercel.app (coming soon)",
    "Demo: https://example.com/app",
    "Open http://localhost:8501 to try it.",
    "Join our [upcoming live course](https://4190bees.typeform.com/hives).",
    "Deployed on [Render](https://render.com) with [Docker](https://docker.com).",
    "Live demo on [YouTube](https://www.youtube.com/watch?v=abc).",
    "[![PyPI](https://img.shields.io/pypi/v/hive)](https://pypi" + ".org/project/hive/)",
    "Image: [Docker Hub](https://hub.docker.com/r/ada/hive), https://ghcr.io/ada/hive",
    "[Documentation](https://ada.github.io/hive/)",
    "The docs are [here](https://hive.netlify.app).",
    "Read the [docs](https://hive.readthedocs.io).",
    "[![Open In Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/x)",
    "## Author\n\nAda · [Portfolio](https://ada.vercel.app) · [LinkedIn](https://linkedin.com/in/ada)",
    "## Acknowledgements\n\nInspired by [this app](https://other.streamlit.app).",
    "## Notable forks\n\n- [web](https://fork.example-bees.org): a [Demo](https://fork.bees.net)",
    "Data from the demo portal of [Open Bees](https://data.openbees.org).",
    "[![Deploy](https://www.herokucdn.com/deploy/button.svg)](https://heroku.com/deploy?template=https://github.com/a/b)",
    "[![Deploy with Vercel](https://vercel.com/button)](https://vercel.com/new/clone?repository-url=x)",
    "![stats](https://github-readme-stats.vercel.app/api?username=ada)",
    "Copy the URL (e.g., `https://hive-api.onrender.com`).",
    "Try the template: https://blank-app-template.streamlit.app",
    "See https://docs.netlify.com/configure-builds and https://share.streamlit.io.",
    "Model: [weights](https://huggingface.co/ada/hive), [data](https://huggingface.co/datasets/ada/bees)",
    "Experiments: https://wandb.ai/ada/hive and https://studio.iterative.ai/ada",
    "Figure: https://d1a2b3.cloudfront.net/figures/hive.png",
    "The liver data is at [UCI](https://archive.ics.uci.edu/liver).",
    "Try [Ollama](https://ollama.com) or [Bee Tools](https://beetools.org) first.",
    "Live demo: https://hive-counter.vercel.app (coming soon)",
    "Live demo: https://username-hive.streamlit.app",
    "Tunnel: https://xxxx-12.ngrok.io",
    "Demo link: https://hive.netlify.app (placeholder, replace with yours)",
    "Our demo at https://hive.vercel.app is no longer online.",
    "<!-- Live demo: https://hive.streamlit.app -->",
    "Live demo: https://argocd.openbees.org",
    "## Live demo\n\n- Argo CD: https://cd.openbees.org",
    "## Deployment\n\n- [Argo CD UI](https://openbees-cd.fly.dev)",
    "## Deployed\n\n| Grafana dashboard | https://openbees-metrics.onrender.com |",
    "Prometheus: https://hive-prometheus.fly.dev",
]


@pytest.mark.parametrize("text", STATED)
def test_a_running_instance_is_found(text: Any) -> None:
    assert len(deployed(text)) == 1


@pytest.mark.parametrize("text", NOT_STATED)
def test_anything_else_is_not_taken_for_one(text: Any) -> None:
    assert deployed(text) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("path", ["README.md", "README.rst"])
def test_the_line_is_that_of_the_file(newline: Any, path: Any) -> None:
    text = newline.join(["Hive", "====", "", "Counts bees.", "", "Live demo: https://hive.streamlit.app", ""])
    assert links(text, path=path).deployments[0].location.line == 6


def test_a_line_written_by_hand_into_html_is_not_believed() -> None:
    text = '# Hive\n\n<p>\n<a data-sourcepos="9999:1-9999:9" href="https://hive.streamlit.app">demo</a>\n</p>\n'
    assert links(text).deployments[0].location.line == 4


def test_the_same_address_twice_is_one_link_in_its_best_meaning() -> None:
    found = links("# Hive\n\n[a](https://hive.streamlit.app/) and live at https://hive.streamlit.app\n")
    assert len(found.deployments) == 1


def test_documentation_and_articles_are_told_apart() -> None:
    found = links(
        "# hive\n\n[Documentation](https://ada.github.io/hive/)\n\nRead the [blog post](https://medium.com/@ada/hive)\n"
    )
    assert {link.use: link.location.line for link in found.readme} == {"documentation": 3, "writing": 5}


def uses(text: Any, **options: Any) -> Any:
    return {link.url: link.use for link in links(text, **options).readme}


@pytest.mark.parametrize(
    "line",
    [
        "I wrote about it [here](https://bees.net/2024/how-it-hears), an article in two parts.",
        "My article: https://towardsdatascience.com/counting-bees-1a2b",
        "### Write-up of this project\n\nhttps://medium.com/@buzz/bees-1a2b",
        "- [The story of hive](https://hive.substack.com/p/story)",
        "Read the [blog post](https://medium.com/@buzz/bees-1a2b).",
        "The corresponding medium post can be found [here](https://towardsdatascience.com/counting-bees-1a2b).",
        "See this [blog article](https://bees.net/articles/hearing) I wrote about it.",
        "## Blog Post\n\nFor a technical deep-dive: [Hive, in depth](https://dev.to/buzz/hive-in-depth)",
        "You can find more articles on Medium - https://medium.com/@buzz",
        "You can read more about this project at this article: [An API in Rust](https://bees.net/post/api)",
        "Escribí un [artículo](https://dev.to/zumbido/abejas) sobre el proyecto.",
    ],
)
def test_an_article_of_the_makers_is_writing(line: Any) -> None:
    assert list(uses(f"# hive\n\n{line}\n").values()) == ["writing"]


@pytest.mark.parametrize(
    "line",
    [
        "Based on [this article](https://medium.com/@other/bees-1a2b).",
        "As explained in [Counting bees](https://towardsdatascience.com/counting-bees-1a2b) by Ada Sample.",
        "## References\n\n- [Counting bees](https://bees.net/blog/counting)",
        "Nice explainers include [this](https://bees.net/posts/counting).",
        "## Third-party implementations\n\nKeras: [blog](https://bees.wordpress.com/2016/01/05/counting)",
        "This is my blog, made with [Hivegen](http://hivegen.org/).",
        "The blog of [somebody](https://blog.somebody.net).",
        "Based on the medium article of Ada Sample: https://levelup.gitconnected.com/counting-bees-1a2b",
        "## Blog posts about it\n\n- [Counting bees](https://dev.to/other/counting-bees)",
        "For more, see this blog post: https://medium.com/@other/bees-1a2b",
        "- Medium article [Link](https://medium.com/some-lab/bees-1a2b)",
        "[This blog post](https://bees.net/blog/dark) describes how to turn on the dark mode.",
    ],
)
def test_an_article_of_another_is_a_reference(line: Any) -> None:
    assert set(uses(f"# hive\n\n{line}\n").values()) == {"elsewhere"}


def test_the_account_in_its_own_commands_and_the_licence_name_the_makers() -> None:
    line = "# A counter of bees in pictures\n\n[How it hears](https://{}/blog/how)\n\n    git clone https://github.com/{}/hive\n"
    assert set(uses(line.format("adabuzz.com", "adabuzz")).values()) == {"writing"}
    assert set(uses(line.format("adabuzz.com", "other")).values()) == {"elsewhere"}
    licence = {"LICENSE": "MIT License\n\nCopyright (c) 2024 Ada Buzz\n"}
    assert set(uses(line.format("adabuzz.com", "other"), files=licence).values()) == {"writing"}


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("[Documentation](https://ada.github.io/hive/)", True),
        ("[![Documentation Status](https://readthedocs.org/p/x)](https://x.readthedocs.io/en/latest/)", True),
        ("Detailed documentation can be found [here](https://hive.readthedocs.io).", True),
        ("Runs on [Snakemake](https://snakemake.readthedocs.io/en/stable).", False),
        ("See the [dbt documentation](https://docs.getdbt.com).", False),
        ("For those new to Jekyll, [the official docs](https://jekyllrb.com/docs/) are a good start.", False),
        ("## References\n\n- [A tutorial](http://others.com/tutorial)", False),
        ("See the [Flask documentation](https://flask-docs.org/guide) first.", False),
    ],
)
def test_own_documentation_is_told_from_that_of_others(line: Any, own: Any) -> None:
    assert ("documentation" in uses(f"# hive\n\n{line}\n").values()) is own


def test_the_site_of_a_blog_is_writing_and_no_application() -> None:
    post = "---\ntitle: x\n---\n\nwords\n"
    files = {"_quarto.yml": "", **{f"posts/2024-01-0{n}-a.md": post for n in range(1, 4)}}
    line = "View the website here: https://ada.github.io/notes/"
    assert list(uses(f"# Notes\n\n{line}\n", files=files).values()) == ["writing"]
    assert list(uses(f"# Notes\n\n{line}\n").values()) == ["deployment"]


def test_configuration_and_code_are_searched_and_named() -> None:
    found = links(
        "# Hive\n",
        {
            "frontend/vercel.json": '{\n  "destination": "https://hive.up.railway.app/api/:path*"\n}\n',
            "src/api.ts": "// x\nconst BASE = 'https://hive-api.onrender.com'\n",
            "tests/test_api.py": "URL = 'https://test-api.onrender.com'\n",
            "examples/call.py": "URL = 'https://example-api.onrender.com'\n",
            "node_modules/x/index.js": "fetch('https://other.vercel.app')\n",
            ".env.example": "URL=https://your-app.onrender.com\n",
        },
    )
    assert [(link.location.path, link.location.line) for link in found.config] == [("frontend/vercel.json", 2)]
    assert [(link.location.path, link.location.line) for link in found.code] == [("src/api.ts", 2)]


def test_many_links_stay_small_and_deployments_stay_in() -> None:
    text = (
        "# Hive\n\n"
        + "\n".join(f"[{n}](https://beetools{n}.org)\n" for n in range(900))
        + "\nDemo: https://hive.fly.dev\n"
    )
    found = links(text)
    assert len(found.readme) <= 150
    assert found.readme[0].url == "https://hive.fly.dev"


@pytest.mark.parametrize(
    ("url", "role"),
    [
        ("https://hive.streamlit.app", "application"),
        ("https://streamlit.app", "other"),
        ("https://huggingface.co/spaces/ada/hive", "application"),
        ("https://huggingface.co/spaces", "platform"),
        ("https://huggingface.co/ada/hive", "model"),
        ("https://share.streamlit.io/ada/hive/main/app.py", "application"),
        ("https://ec2-1-2-3-4.compute.amazonaws.com", "application"),
        ("https://bucket.s3.amazonaws.com/data.csv", "file"),
        ("https://notstreamlit.app", "other"),
        ("https://evil.com/hive.streamlit.app", "other"),
        ("http://192.168.0.4:8000", "local"),
        ("http://[::1]:8000", "local"),
        ("https://hive.local", "placeholder"),
        ("https://your-app-name.onrender.com", "placeholder"),
        ("https://{app}.fly.dev", "placeholder"),
        ("https://docs.hive.org", "docs"),
        ("javascript:alert(1)", "other"),
        ("https://[bad", "placeholder"),
    ],
)
def test_what_an_address_alone_says(url: Any, role: Any) -> None:
    assert hosts.role(url) == role
