package io.aisle.batch.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes listings. An ordinary one names its class by full name or by traits. In an order-decided one title, description and bullets
 * hold only what both leaves of a pair may say, and both nouns with the same words around them; which of the two is sold, and which
 * is what it fits, comes with or lacks, is a matter of order.
 */
final class ProductWriter {
    private static final int MAX_DESCRIPTION_WORDS = 80;
    private static final int MIN_BULLETS = 2;
    private static final int MAX_BULLETS = 5;

    private final Words words;
    private final double orderRate;

    ProductWriter(Words words, double orderRate) {
        this.words = words;
        this.orderRate = orderRate;
    }

    Listing write(Leaf leaf, Draws draws) {
        boolean isOrderDecided = draws.chance(orderRate * leaf.orderFactor());
        SlotFiller filler = new SlotFiller(leaf, words, draws, isOrderDecided);
        List<Template> frames = isOrderDecided ? words.orderTitles() : words.plainTitles();
        Template frame = draws.pick(frames);
        while (!filler.canFill(frame)) {
            frame = draws.pick(frames);
        }
        String title = sentenceCase(frame.fill(filler));
        if (draws.chance(0.6)) {
            title = titleCase(title);
        }
        return new Listing(
                leaf,
                title,
                filler.brand(),
                description(filler, draws, isOrderDecided),
                bullets(filler, draws, isOrderDecided),
                isOrderDecided);
    }

    /** The same product as another shop words it. Never equal to the title given. */
    String reword(String title, Draws draws) {
        if (draws.chance(0.6)) {
            String recoloured = recolour(title, draws);
            if (!recoloured.equals(title)) {
                return recoloured;
            }
        }
        return switch (draws.below(4)) {
            case 0 -> title + ", " + draws.pick(words.colours());
            case 1 -> "New " + title;
            case 2 -> title + " (" + (2 + draws.below(8)) + " pack)";
            default -> title + " - " + draws.pick(words.adjectives()) + " edition";
        };
    }

    private String recolour(String title, Draws draws) {
        String[] tokens = title.split(" ", -1);
        for (int i = 0; i < tokens.length; i++) {
            String bare = tokens[i].replaceAll("[,:]", "");
            if (words.colours().contains(bare.toLowerCase(Locale.ROOT))) {
                String other = draws.pick(words.colours());
                boolean isUpper = Character.isUpperCase(bare.charAt(0));
                tokens[i] = tokens[i].replace(bare, isUpper ? titleCase(other) : other);
                return String.join(" ", tokens);
            }
        }
        return title;
    }

    private List<String> description(SlotFiller filler, Draws draws, boolean isOrderDecided) {
        int wanted = 1 + draws.below(MAX_DESCRIPTION_WORDS);
        StringBuilder text = new StringBuilder();
        int count = 0;
        while (count < wanted) {
            String sentence = sentenceCase(sentence(filler, draws, isOrderDecided));
            int length = wordCount(sentence);
            if (count + length > MAX_DESCRIPTION_WORDS) {
                break;
            }
            text.append(count > 0 ? " " : "").append(sentence);
            count += length;
        }
        return List.of(text.toString());
    }

    private String sentence(SlotFiller filler, Draws draws, boolean isOrderDecided) {
        double kind = draws.unit();
        if (kind < 0.5 && !isOrderDecided) {
            Template frame = draws.pick(words.leafSentences());
            while (!filler.canFill(frame)) {
                frame = draws.pick(words.leafSentences());
            }
            return frame.fill(filler);
        }
        return draws.pick(kind < 0.7 ? words.sharedSentences() : words.anySentences())
                .fill(filler);
    }

    private List<String> bullets(SlotFiller filler, Draws draws, boolean isOrderDecided) {
        int count = MIN_BULLETS + draws.below(MAX_BULLETS - MIN_BULLETS + 1);
        List<String> bullets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            double kind = draws.unit();
            List<Template> frames = kind < 0.5 && !isOrderDecided
                    ? words.leafBullets()
                    : kind < 0.75 ? words.sharedBullets() : words.anyBullets();
            bullets.add(sentenceCase(draws.pick(frames).fill(filler)));
        }
        return bullets;
    }

    private static int wordCount(String sentence) {
        int words = 1;
        for (int i = 0; i < sentence.length(); i++) {
            if (sentence.charAt(i) == ' ') {
                words++;
            }
        }
        return words;
    }

    static String sentenceCase(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    static String titleCase(String text) {
        StringBuilder cased = new StringBuilder(text);
        for (int i = 0; i < cased.length(); i++) {
            if (i == 0 || cased.charAt(i - 1) == ' ') {
                cased.setCharAt(i, Character.toUpperCase(cased.charAt(i)));
            }
        }
        return cased.toString();
    }
}
