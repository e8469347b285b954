package io.aisle.batch.generate;

import io.aisle.core.product.CategoryPath;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the class of a product off its text as a person would who knows the taxonomy: by full names and traits where there are any,
 * else by which of two nouns the title is about. It never sees the truth behind a row.
 */
final class TextOracle {
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern ENTITY = Pattern.compile("&#?[a-z0-9]{2,6};");
    private static final Pattern MARK = Pattern.compile("[\\p{Mn}\\u200B]");
    private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9.]+");

    /** What stands before a noun that is not the product. */
    private static final Pattern RELATION_BEFORE =
            Pattern.compile("\\b(for|fits|compatible with|to go with|with|sold without)\\b");

    /** What stands after a noun that is not the product. */
    private static final Pattern RELATION_AFTER = Pattern.compile("\\bnot included\\b");

    private record Clue(String phrase, int weight) {}

    private record Reader(Leaf leaf, List<Clue> clues, Pattern nouns) {}

    private final List<Reader> readers = new ArrayList<>();

    TextOracle(List<Leaf> leaves) {
        for (Leaf leaf : leaves) {
            List<Clue> clues = new ArrayList<>();
            leaf.names().forEach(name -> clues.add(new Clue(" " + words(name) + " ", 3)));
            leaf.traits().forEach(trait -> clues.add(new Clue(" " + words(trait) + " ", 2)));
            leaf.uses().forEach(use -> clues.add(new Clue(" " + words(use) + " ", 2)));
            readers.add(new Reader(leaf, clues, anyOf(leaf.nouns())));
        }
    }

    CategoryPath read(String title, List<String> description, List<String> feature) {
        String heading = words(title);
        String text = " " + heading + " " + words(String.join(" ; ", description)) + " "
                + words(String.join(" ; ", feature)) + " ";
        Reader best = null;
        int bestScore = 0;
        for (Reader reader : readers) {
            int score = score(reader, text);
            if (score > bestScore) {
                best = reader;
                bestScore = score;
            }
        }
        return best == null ? byOrder(heading) : best.leaf().path();
    }

    private static int score(Reader reader, String text) {
        if (!saysVariant(reader.leaf(), text)) {
            return 0;
        }
        int score = 0;
        for (Clue clue : reader.clues()) {
            if (text.contains(clue.phrase())) {
                // a longer name is the better reading: "car seat cover" is no "car seat"
                score += 100 * clue.weight() + clue.phrase().length();
            }
        }
        // the class whose variant is said, before the class that it derives from
        return score == 0 ? 0 : score + 100 * reader.leaf().variant().length();
    }

    /** The pair whose two nouns the title names, and of the two the one that nothing subordinates. */
    private CategoryPath byOrder(String heading) {
        CategoryPath found = null;
        int foundVariant = -1;
        for (int i = 0; i < readers.size(); i++) {
            Leaf leaf = readers.get(i).leaf();
            Matcher own = readers.get(i).nouns().matcher(heading);
            if (leaf.variant().length() <= foundVariant || !saysVariant(leaf, " " + heading + " ") || !own.find()) {
                continue;
            }
            if ((i ^ 1) < readers.size()) {
                Matcher other = readers.get(i ^ 1).nouns().matcher(heading);
                if (other.find() && isHead(own, other, heading)) {
                    found = leaf.path();
                    foundVariant = leaf.variant().length();
                }
            }
        }
        return found;
    }

    private static boolean isHead(MatchResult noun, MatchResult other, String heading) {
        boolean isFirst = noun.start() < other.start();
        MatchResult first = isFirst ? noun : other;
        MatchResult second = isFirst ? other : noun;
        boolean isFirstSubordinate =
                RELATION_BEFORE.matcher(heading.substring(0, first.start())).find()
                        || RELATION_AFTER
                                .matcher(heading.substring(first.end(), second.start()))
                                .find();
        return isFirst != isFirstSubordinate;
    }

    private static boolean saysVariant(Leaf leaf, String text) {
        return leaf.variant().isEmpty() || text.contains(" " + leaf.variant() + " ");
    }

    private static Pattern anyOf(List<String> nouns) {
        List<String> longestFirst = nouns.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        return Pattern.compile("\\b(" + String.join("|", longestFirst) + ")\\b");
    }

    /** Lower-case words, one space apart. */
    private static String words(String text) {
        String plain = TAG.matcher(text.replace("[SEP]", " ").replace("\uFF3BSEP\uFF3D", " "))
                .replaceAll(" ")
                .replace("\u2122", " ")
                .toLowerCase(Locale.ROOT);
        plain = MARK.matcher(Normalizer.normalize(ENTITY.matcher(plain).replaceAll(" "), Normalizer.Form.NFKD))
                .replaceAll("");
        return NO_WORD.matcher(plain).replaceAll(" ").replace(". ", " ").strip();
    }
}
