"""Pages as clinics really publish them, with all that stands around an article."""

# ruff: noqa: E501 - pages have long lines

WORDPRESS = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="UTF-8">
<title>Frozen Shoulder: What Helps &#8211; Riverside Physio</title>
<meta property="og:title" content="Frozen Shoulder: What Helps">
<meta property="og:site_name" content="Riverside Physio">
<meta name="author" content="Sam Porter">
<meta property="article:published_time" content="2024-02-01T09:00:00+00:00">
<meta property="article:modified_time" content="2025-06-03T10:30:00+00:00">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"Article","headline":"Frozen Shoulder: What Helps",
"author":{"@type":"Person","name":"Sam Porter"},
"datePublished":"2024-02-01T09:00:00+00:00","dateModified":"2025-06-03T10:30:00+00:00"},
{"@type":"Organization","name":"Riverside Physio"}]}</script>
<style>.entry-content{margin:0}</style>
<script>window.dataLayer = [];</script>
</head>
<body class="post-template-default single single-post has-sidebar">
<div id="cookie-law-info-bar" class="cookie-notice" role="dialog"><p>We use cookies to give you the
best experience on our website.</p><button>Accept all</button></div>
<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header"><p class="site-title"><a href="/">Riverside Physio</a></p>
<nav class="main-navigation"><ul><li><a href="/">Home</a></li><li><a href="/treatments">Treatments</a>
<ul><li><a href="/dry-needling">Dry needling</a></li></ul></li><li><a href="/book">Book now</a></li></ul></nav>
</header>
<div class="breadcrumbs"><a href="/">Home</a> &raquo; <a href="/blog">Blog</a> &raquo; Frozen Shoulder</div>
<div id="content" class="site-content">
<main id="main" class="site-main">
<article id="post-12" class="post type-post status-publish hentry category-shoulder tag-pain">
<header class="entry-header"><h1 class="entry-title">Frozen Shoulder: What Helps</h1>
<div class="entry-meta"><span class="posted-on">Posted on <time class="entry-date published" datetime="2024-02-01T09:00:00+00:00">1 February 2024</time></span>
<span class="byline"> by <span class="author vcard"><a href="/author/sam">Sam Porter</a></span></span></div></header>
<div class="entry-content">
<figure class="wp-block-image"><img src="shoulder.jpg" alt="A shoulder"><figcaption>A stiff shoulder</figcaption></figure>
<p>A frozen shoulder is <strong>stiff</strong> and painful.&nbsp;It comes on slowly.</p>
<h2 class="wp-block-heading">What causes it?</h2>
<p>Nobody knows for certain. It is more common in people with <a href="/diabetes">diabetes</a>.</p>
<ul class="wp-block-list"><li>A fall<ul><li>even a small one</li></ul></li><li>An operation</li></ul>
<h2 class="wp-block-heading">Treatment</h2>
<h3 class="wp-block-heading">In the first weeks</h3>
<p>Keep the arm moving.<br>Do not force it.</p>
<ol class="wp-block-list"><li>Swing the arm.</li><li>Walk the fingers up a wall.</li></ol>
<h3 class="wp-block-heading">Later</h3>
<blockquote class="wp-block-quote"><p>Most people get better in one to three years.</p></blockquote>
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="#">Facebook</a></li><li><a href="#">Twitter</a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline">Related</h3><p>Neck pain at work</p></div>
</div>
<footer class="entry-footer"><span class="cat-links">Posted in <a href="/shoulder">Shoulder</a></span></footer>
</article>
<nav class="navigation post-navigation"><h2 class="screen-reader-text">Post navigation</h2><a href="/prev">Previous: Knee pain</a></nav>
<div id="comments" class="comments-area"><h2>3 thoughts on &ldquo;Frozen Shoulder&rdquo;</h2><ol><li>Mine hurt for years!</li></ol>
<div id="respond" class="comment-respond"><h3>Leave a Reply</h3><form><p>Your email address will not be published.</p></form></div></div>
</main>
<aside id="secondary" class="widget-area"><section class="widget widget_search"><h2>Search</h2></section>
<section class="widget widget_recent_entries"><h2 class="widget-title">Recent Posts</h2><ul><li><a href="/a">Tennis elbow explained</a></li></ul></section></aside>
</div>
<footer id="colophon" class="site-footer"><p>&copy; 2025 Riverside Physio. All rights reserved.</p><p>12 High Street, Leeds. Call 0113 496 0000</p></footer>
</body></html>"""

SOUP = """<!doctype html><html><head><meta charset="utf-8"><title>Sports Massage | Physio &amp; Co</title>
<meta property="og:title" content="Sports Massage | Physio &amp; Co"><meta property="og:site_name" content="Physio &amp; Co"/>
<meta name="description" content="What sports massage does."></head><body>
<div id="SITE_CONTAINER"><div class="_1KV2M" id="site-root">
<div id="SITE_HEADER" class="xU8fqS SITE_HEADER wixui-header"><div class="comp-a"><p class="font_8"><span>Physio &amp; Co</span></p></div>
<div class="comp-menu" role="navigation"><div><a href="/"><span>Home</span></a></div><div><a href="/about"><span>About us</span></a></div><div><a href="/book-online"><span>Book Online</span></a></div></div></div>
<div id="PAGES_CONTAINER"><div id="SITE_PAGES"><div class="dBAkHi theme-vars"><div id="Containerabc123" class="Containerabc123 SPY_vo">
<div data-testid="mesh-container-content" class="comp-xyz">
<div class="comp-1 KcpHeO tz5f0K wixui-rich-text" data-testid="richTextElement"><h1 class="font_0 wixui-rich-text__text" style="font-size:50px"><span class="wixui-rich-text__text">Sports Massage</span></h1></div>
<div class="comp-2 wixui-rich-text"><p class="font_8"><span style="font-size:16px"><span>Sports massage works on </span><span style="font-weight:bold">muscles</span><span> and tendons. It suits people who train.</span></span></p><p class="font_8"><span>&#8203;</span></p></div>
<div class="comp-3 wixui-rich-text"><h2 class="font_2"><span>How it feels</span></h2></div>
<div class="comp-4 wixui-rich-text"><p class="font_8"><span>It is firm. Tell us when it is too much.</span></p><ul class="font_8"><li><p class="font_8"><span>You may be sore for a day.</span></p></li><li><p class="font_8"><span>Drink water afterwards.</span></p></li></ul></div>
<div class="comp-5 wixui-button"><a href="/book-online" role="button"><span>Book Online</span></a></div>
<div class="comp-6 wixui-rich-text"><h2 class="font_2"><span>Who should not have one</span></h2></div>
<div class="comp-7 wixui-rich-text"><div><div>Do not have a massage with a fever or a blood clot.</div><div>Ask first when you are pregnant.</div></div></div>
</div></div></div></div></div>
<div id="SITE_FOOTER" class="SITE_FOOTER wixui-footer"><div class="comp-f"><p>&copy; 2024 by Physio &amp; Co. Proudly created with Wix.com</p><p>Opening hours Mon - Fri 9 to 5</p></div></div>
</div></div>
<div data-hook="consent-banner-root" class="consent-banner"><div>By using this website you accept our use of cookies.</div></div>
</body></html>"""

PLAIN = """<HTML><HEAD><TITLE>Caring for your back</TITLE>
<META NAME="Author" CONTENT="The Clinic Team">
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1252"></HEAD>
<BODY BGCOLOR="#FFFFFF">
<CENTER><A HREF="index.html">Home</A> | <A HREF="price.html">Prices</A> | <A HREF="contact.html">Contact</A></CENTER>
<HR>
<H1>Caring for your back</H1>
<P>Backs are strong. Most back pain gets better within six weeks
without treatment.
<P>Keep <B>moving</B>, and keep working if you can.
<H2>Lifting</H2>
<P>Bend your knees. Hold the load close. It is the patient\u2019s own back.
<UL><LI>Plan the lift<LI>Ask for help</UL>
<H2>Sleeping</H2>
Try a pillow between your knees.
<BR><BR>
A new mattress is rarely the answer.
<HR>
<FONT SIZE="1"><A HREF="index.html">Home</A> | <A HREF="price.html">Prices</A><BR>Last updated 3 March 2019</FONT>
</BODY></HTML>"""

FAQ = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Frequently asked questions - Acupuncture</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"FAQPage","mainEntity":[
{"@type":"Question","name":"Does it hurt?","acceptedAnswer":{"@type":"Answer","text":"Most people feel very little."}}]}</script>
</head><body>
<header><div class="logo">Needle House</div><nav><a href="/">Home</a><a href="/faq">FAQ</a></nav></header>
<main><h1>Frequently asked questions</h1>
<p>The questions that we are asked most often.</p>
<section><h2>Before you come</h2>
<details><summary>Does it hurt?</summary><p>Most people feel very little.</p><p>Some feel a dull ache.</p></details>
<details open><summary><h3>What should I wear?</h3></summary><div class="answer"><p>Loose clothes.</p><ul><li>Shorts for a knee</li><li>A vest for a shoulder</li></ul></div></details>
</section>
<section class="accordion" id="accordionFaq"><h2>Afterwards</h2>
<div class="accordion-item"><h3 class="accordion-header"><button class="accordion-button collapsed" type="button" aria-expanded="false">Can I drive home?</button></h3>
<div class="accordion-collapse collapse"><div class="accordion-body">Yes. Wait ten minutes if you feel light-headed.</div></div></div>
<div class="accordion-item"><h3 class="accordion-header"><button class="accordion-button collapsed" type="button" aria-expanded="false">Will I be sore?</button></h3>
<div class="accordion-collapse collapse" hidden><div class="accordion-body"><p>For a day, perhaps.</p></div></div></div>
</section>
<h2>Words we use</h2>
<dl><dt>De qi</dt><dd>The ache around a needle.</dd><dt>Moxa</dt><dt>Moxibustion</dt><dd>A herb that is burnt.</dd></dl>
</main>
<footer><p>Copyright Needle House</p></footer></body></html>"""

TABLES = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ankle sprain: week by week</title>
<meta name="dcterms.creator" content="J. Okafor"></head><body>
<div class="navbar navbar-expand"><ul class="nav"><li><a href="/">Start</a></li><li><a href="/contact">Contact</a></li></ul></div>
<div class="container"><div class="row"><div class="col-md-8">
<h1>Ankle sprain: week by week</h1>
<p class="lead">How fast to go back to sport after a sprain.</p>
<h2>Plan</h2>
<table class="table"><caption>What to do when</caption><thead><tr><th>Week</th><th>Exercise</th><th>How often</th></tr></thead>
<tbody><tr><td>1</td><td>Circles with the foot</td><td>10 times a day</td></tr>
<tr><td>2 to 3</td><td>Heel raises<br>on both legs</td><td>3 sets of 10</td></tr>
<tr><th scope="row">4</th><td colspan="2">Hops, when they do not hurt</td></tr></tbody></table>
<p>Stop when the ankle swells.</p>
<h2>Shoes</h2>
<table><tr><td>Heel</td><td>Low</td></tr><tr><td>Sole</td><td>Firm</td></tr></table>
<h2>Layout</h2>
<table role="presentation"><tr><td><p>This paragraph stands in a table that only lays it out.</p><p>So does this one.</p></td></tr></table>
</div><div class="col-md-4 sidebar"><h4>Opening hours</h4><p>Mon to Fri 8 to 6</p></div></div></div>
<div class="footer"><p>Privacy policy</p></div></body></html>"""

NHS = """<!DOCTYPE html><html lang="en" class="no-js"><head><meta charset="utf-8"><title>Sciatica - NHS-like</title>
<meta name="DC.title" content="Sciatica">
<script type="application/ld+json">{"@context":"http://schema.org","@type":"MedicalWebPage","name":"Sciatica","headline":"Sciatica",
"dateModified":"2023-11-20","lastReviewed":["2023-11-10T00:00:00+00:00","2026-11-10T00:00:00+00:00"],"author":{"@type":"Organization","name":"Health Trust"},
"hasPart":[{"@type":"HealthTopicContent","headline":"Symptoms"}]}</script></head><body class="js-enabled">
<a class="nhsuk-skip-link" href="#maincontent">Skip to main content</a>
<div class="nhsuk-cookie-banner" id="nhsuk-cookie-banner"><h2>Cookies on this website</h2><p>We have put some small files called cookies on your device.</p></div>
<header class="nhsuk-header" role="banner"><form role="search"><label>Search this website</label></form></header>
<nav class="nhsuk-breadcrumb" aria-label="Breadcrumb"><ol><li><a href="/">Home</a></li><li><a href="/conditions">Health A to Z</a></li></ol></nav>
<div class="nhsuk-width-container"><main class="nhsuk-main-wrapper" id="maincontent" role="main"><article>
<div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
<h1>Sciatica <span class="nhsuk-caption-xl nhsuk-caption--bottom"><span class="nhsuk-u-visually-hidden"> - </span>nerve pain in the leg</span></h1>
<p>Sciatica is pain down the leg. It usually gets better in 4 to 6 weeks.</p>
<section><h2>Check if you have sciatica</h2><p>You may have pain in your:</p><ul><li>bottom</li><li>back of your leg</li></ul>
<div class="nhsuk-inset-text"><span class="nhsuk-u-visually-hidden">Information: </span><p>Back pain alone is probably not sciatica.</p></div></section>
<div class="nhsuk-do-dont-list"><h3 class="nhsuk-do-dont-list__label">Do</h3><ul class="nhsuk-list nhsuk-list--tick" role="list"><li><svg class="nhsuk-icon" aria-hidden="true"><title>tick</title><path d="M1 1"/></svg>carry on with normal life</li></ul></div>
<div class="nhsuk-care-card nhsuk-care-card--urgent"><div class="nhsuk-care-card__heading-container"><h3 class="nhsuk-care-card__heading"><span role="text"><span class="nhsuk-u-visually-hidden">Urgent advice: </span>See a GP if:</span></h3></div>
<div class="nhsuk-care-card__content"><ul><li>it is getting worse</li><li>it stops you sleeping</li></ul></div></div>
<details class="nhsuk-details"><summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">What we mean by severe pain</span></summary><div class="nhsuk-details__text"><p>Pain that is always there.</p></div></details>
<div class="nhsuk-review-date"><p>Page last reviewed: 10 November 2023<br>Next review due: 10 November 2026</p></div>
</div></div></article></main></div>
<footer role="contentinfo"><h2>Support links</h2><ul><li>Our policies</li></ul></footer></body></html>"""
