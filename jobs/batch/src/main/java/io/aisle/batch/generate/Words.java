package io.aisle.batch.generate;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The words and sentence frames that every class shares, as {@code words.txt} lists them. */
record Words(
        List<String> brands,
        List<String> colours,
        List<String> adjectives,
        List<String> variants,
        List<Template> posts,
        List<Template> orderTitles,
        List<Template> plainTitles,
        List<Template> leafSentences,
        List<Template> sharedSentences,
        List<Template> anySentences,
        List<Template> leafBullets,
        List<Template> sharedBullets,
        List<Template> anyBullets) {

    static Words load() {
        Map<String, List<String>> lists = WordFile.read("words.txt").stream()
                .collect(Collectors.toMap(WordFile.Entry::key, WordFile.Entry::values));
        return new Words(
                lists.get("brands"),
                lists.get("colours"),
                lists.get("adjectives"),
                lists.get("variants"),
                templates(lists.get("posts")),
                templates(lists.get("order_titles")),
                templates(lists.get("plain_titles")),
                templates(lists.get("leaf_sentences")),
                templates(lists.get("shared_sentences")),
                templates(lists.get("any_sentences")),
                templates(lists.get("leaf_bullets")),
                templates(lists.get("shared_bullets")),
                templates(lists.get("any_bullets")));
    }

    private static List<Template> templates(List<String> frames) {
        return frames.stream().map(Template::parse).toList();
    }
}
