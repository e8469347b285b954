package io.aisle.core.text;

import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * How a product becomes the one text that a model sees: its fields, cleaned, in order, joined by " [SEP] ". Part of a model
 * bundle: a model must be fed by the recipe that it was trained with.
 *
 * @param version of cleaning, joining and cutting; only {@link #CURRENT_VERSION} can be used
 * @param fields in the order of the text, each once
 * @param keepEmptyFields false: an empty field is left out with its separator. true: the separator stays, so that the number of
 *     separators before a text tells its field
 */
public record TextRecipe(int version, List<FieldBudget> fields, boolean keepEmptyFields) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Raised with every change that gives some product another text, other ids or another hash. */
    public static final int CURRENT_VERSION = 1;

    /** The fewest tokens that {@link #fit} can be asked for. */
    public static final int MIN_TOKENS = 16;

    /** The most tokens that {@link #fit} can be asked for: DistilBERT has no more positions. */
    public static final int MAX_TOKENS = 512;

    public TextRecipe {
        if (version != CURRENT_VERSION) {
            throw new UserException("Cannot use a text recipe: found version " + version + ", expected "
                    + CURRENT_VERSION + "; train the model anew, or use the Aisle that trained it");
        }
        if (fields.isEmpty()) {
            throw new UserException("Cannot use a text recipe: found no field, expected at least one");
        }
        Set<ProductField> seen = EnumSet.noneOf(ProductField.class);
        for (FieldBudget budget : fields) {
            if (!seen.add(budget.field())) {
                throw new UserException("Cannot use a text recipe: found field "
                        + budget.field().key() + " twice, expected each field once");
            }
        }
        fields = List.copyOf(fields);
    }

    /** Title, brand, description, feature; most room for the description, empty fields left out. */
    public static TextRecipe standard() {
        return new TextRecipe(
                CURRENT_VERSION,
                List.of(
                        new FieldBudget(ProductField.TITLE, 0.30),
                        new FieldBudget(ProductField.BRAND, 0.05),
                        new FieldBudget(ProductField.DESCRIPTION, 0.40),
                        new FieldBudget(ProductField.FEATURE, 0.25)),
                false);
    }

    /** The product with every text field cleaned by {@link TextCleaner}. Cleaning a cleaned product changes nothing. */
    public Product clean(Product raw) {
        return new Product(
                raw.id(),
                TextCleaner.clean(raw.title()),
                TextCleaner.clean(raw.brand()),
                TextCleaner.clean(raw.description()),
                TextCleaner.clean(raw.feature()));
    }

    /** Whether any field of the recipe has a letter or a digit; then {@link #fit} gives at least one word piece. */
    public boolean hasText(Product cleaned) {
        return fields.stream()
                .anyMatch(budget -> cleaned.field(budget.field()).codePoints().anyMatch(Character::isLetterOrDigit));
    }

    /** The whole text, however long. */
    public String text(Product cleaned) {
        return join(present(cleaned).stream()
                .map(budget -> cleaned.field(budget.field()))
                .toList());
    }

    /**
     * What a network reads: the text, cut so that its ids, with [CLS] and the last [SEP], are at most {@code maxTokens}.
     *
     * <p>The room is {@code maxTokens} less [CLS], [SEP] and the separators. {@link TokenBudget} divides it by share, and passes
     * on what a short field leaves. A field is cut after the last whole word that fits; the tokens that this leaves over go to
     * the fields, in order, as long as the next word of one fits. A first word that is longer than its field's budget is cut
     * between its pieces (and stands in lower case), so that every field with a word has its say.
     *
     * @param maxTokens 16 to 512
     */
    public FittedText fit(Product cleaned, WordPieceTokenizer tokenizer, int maxTokens) {
        if (maxTokens < MIN_TOKENS || maxTokens > MAX_TOKENS) {
            throw new UserException("Cannot fit a text: found a limit of " + maxTokens + " tokens, expected "
                    + MIN_TOKENS + " to " + MAX_TOKENS);
        }
        List<FieldBudget> present = present(cleaned);
        int room = maxTokens - 2 - Math.max(present.size() - 1, 0);
        List<FieldWords> words = new ArrayList<>();
        for (FieldBudget budget : present) {
            words.add(new FieldWords(cleaned.field(budget.field()), tokenizer, room));
        }
        takeWords(words, present, room);
        WordPieceTokenizer.Ids ids = new WordPieceTokenizer.Ids();
        ids.add(tokenizer.vocabulary().classId());
        for (int i = 0; i < words.size(); i++) {
            if (i > 0) {
                ids.add(tokenizer.vocabulary().separatorId());
            }
            words.get(i).appendTo(ids);
        }
        ids.add(tokenizer.vocabulary().separatorId());
        return new FittedText(join(words.stream().map(FieldWords::takenText).toList()), ids.toArray());
    }

    /** How many word pieces the fields have, uncut. */
    public FieldPieces pieces(Product cleaned, WordPieceTokenizer tokenizer) {
        List<FieldBudget> present = present(cleaned);
        return new FieldPieces(
                present,
                present.stream()
                        .mapToInt(budget ->
                                new FieldWords(cleaned.field(budget.field()), tokenizer, Integer.MAX_VALUE - 1).need())
                        .toArray());
    }

    /**
     * Changes exactly when what the recipe reads of the product changes: SHA-256, in lower-case hex, over the fields in recipe
     * order, each as its length in bytes (4 bytes, big endian) and its UTF-8.
     */
    public String contentHash(Product cleaned) {
        MessageDigest digest = Sha256.digest();
        for (FieldBudget budget : fields) {
            byte[] bytes = cleaned.field(budget.field()).getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private List<FieldBudget> present(Product cleaned) {
        return fields.stream()
                .filter(budget ->
                        keepEmptyFields || !cleaned.field(budget.field()).isEmpty())
                .toList();
    }

    private static void takeWords(List<FieldWords> words, List<FieldBudget> budgets, int room) {
        int[] divided = TokenBudget.divide(
                words.stream().mapToInt(FieldWords::need).toArray(),
                budgets.stream().mapToDouble(FieldBudget::share).toArray(),
                room);
        int left = room;
        for (int i = 0; i < divided.length; i++) {
            words.get(i).take(divided[i]);
            left -= words.get(i).taken();
        }
        for (FieldWords field : words) {
            int before = field.taken();
            field.take(left);
            left -= field.taken() - before;
        }
    }

    /** One space between words and separators, none at the ends, also round an empty field. */
    private static String join(List<String> parts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                text.append(text.isEmpty() ? "" : " ").append(SpecialToken.SEPARATOR.piece());
            }
            if (!parts.get(i).isEmpty()) {
                text.append(text.isEmpty() ? "" : " ").append(parts.get(i));
            }
        }
        return text.toString();
    }
}
