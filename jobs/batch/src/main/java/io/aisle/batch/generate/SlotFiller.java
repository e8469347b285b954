package io.aisle.batch.generate;

import io.aisle.batch.generate.Template.Slot;
import java.util.List;
import java.util.function.Function;

/** Fills the slots of one listing's frames. Traits, uses and adjectives go round, so that no sentence says one twice. */
final class SlotFiller implements Function<Slot, String> {
    private static final String MODEL_LETTERS = "ABCDEFGHKLMNPRSTVWXZ";
    private static final int OLDEST_YEAR = 1921;
    private static final int YEARS = 95;

    private final Leaf leaf;
    private final Words words;
    private final Draws draws;
    private final boolean isOrderDecided;
    private final String brand;
    private final String model;
    private int traits;
    private int shared;
    private int uses;
    private int adjectives;
    private int colours;
    /** Adjective slots still to pass before one says the variant; negative where none does, since noun and name say it. */
    private int slotsToVariant;

    SlotFiller(Leaf leaf, Words words, Draws draws, boolean isOrderDecided) {
        this.leaf = leaf;
        this.words = words;
        this.draws = draws;
        this.isOrderDecided = isOrderDecided;
        // the smaller of two draws: a few brands sell most
        this.brand = leaf.brands()
                .get(Math.min(
                        draws.below(leaf.brands().size()),
                        draws.below(leaf.brands().size())));
        this.model = newModel();
        this.traits = draws.below(leaf.traits().size());
        this.shared = draws.below(leaf.shared().size());
        this.uses = draws.below(leaf.uses().size());
        this.adjectives = draws.below(leaf.adjectives().size());
        this.colours = draws.below(words.colours().size());
        // beside the product or beside its partner, so that the place of the variant tells nothing
        this.slotsToVariant = isOrderDecided && !leaf.variant().isEmpty() ? draws.below(2) : -1;
    }

    String brand() {
        return brand;
    }

    boolean canFill(Template frame) {
        return !leaf.partnerNouns().isEmpty() || !frame.uses(Slot.PARTNER);
    }

    @Override
    public String apply(Slot slot) {
        return switch (slot) {
            case BRAND -> brand;
            case OTHER_BRAND -> draws.pick(leaf.brands());
            case MODEL -> model;
            case PRE -> pre();
            case POST -> draws.pick(words.posts()).fill(this);
            case NAME -> draws.pick(leaf.names());
            case NOUN -> noun();
            case PARTNER -> draws.pick(leaf.partnerNouns());
            case TRAIT -> cyclic(leaf.traits(), traits++);
            case SHARED -> cyclic(leaf.shared(), shared++);
            case USE -> cyclic(leaf.uses(), uses++);
            case COLOUR -> cyclic(words.colours(), colours++);
            case NUMBER -> Integer.toString(1 + draws.below(12));
            case LETTER -> String.valueOf((char) ('A' + draws.below(6)));
            case YEAR -> Integer.toString(OLDEST_YEAR + draws.below(YEARS));
        };
    }

    private String noun() {
        String noun = draws.pick(leaf.nouns());
        return isOrderDecided || leaf.variant().isEmpty() ? noun : leaf.variant() + " " + noun;
    }

    private String pre() {
        String adjective = draws.chance(0.6) ? cyclic(leaf.adjectives(), adjectives++) : draws.pick(words.adjectives());
        String first = draws.chance(0.3) ? draws.pick(words.adjectives()) : adjective;
        String phrase = first.equals(adjective) ? adjective : first + " " + adjective;
        return slotsToVariant-- == 0 ? leaf.variant() + " " + phrase : phrase;
    }

    private String newModel() {
        StringBuilder code = new StringBuilder();
        for (int i = 1 + draws.below(2); i > 0; i--) {
            code.append(MODEL_LETTERS.charAt(draws.below(MODEL_LETTERS.length())));
        }
        return code.append(10 + draws.below(890)).toString();
    }

    private static String cyclic(List<String> values, int turn) {
        return values.get(turn % values.size());
    }
}
