package io.aisle.core.text;

import io.aisle.core.UserException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The word pieces that a network knows; a piece's id is its place. A piece that continues a word begins with {@value #CONTINUATION}.
 *
 * <p>The file form is BERT's {@code vocab.txt}: UTF-8, one piece a line, the first line is id 0.
 */
public final class Vocabulary implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What a piece begins with that continues a word. */
    static final String CONTINUATION = "##";

    private final List<String> pieces;
    private final transient Map<String, Integer> ids;

    private Vocabulary(List<String> pieces, String source) {
        this.pieces = List.copyOf(pieces);
        this.ids = new HashMap<>(pieces.size() * 2);
        if (pieces.isEmpty()) {
            throw new UserException("Cannot use " + source + ": found no piece, expected one a line");
        }
        for (int id = 0; id < pieces.size(); id++) {
            String piece = pieces.get(id);
            if (piece.isBlank() || piece.indexOf('\n') >= 0 || piece.indexOf('\r') >= 0) {
                throw new UserException("Cannot use " + source + ": found a blank or broken piece with id " + id
                        + ", expected one piece a line");
            }
            Integer first = ids.putIfAbsent(piece, id);
            if (first != null) {
                throw new UserException("Cannot use " + source + ": found piece '" + piece + "' with ids " + first
                        + " and " + id + ", expected each piece once");
            }
        }
        for (SpecialToken token : SpecialToken.values()) {
            if (!ids.containsKey(token.piece())) {
                throw new UserException("Cannot use " + source + ": found no " + token.piece()
                        + ", expected a BERT vocabulary with [PAD], [UNK], [CLS], [SEP] and [MASK]");
            }
        }
    }

    /**
     * A vocabulary of these pieces, in the order of their ids.
     *
     * @throws UserException if there is no piece, one is blank or given twice, or a special token is missing
     */
    public static Vocabulary of(List<String> pieces) {
        return new Vocabulary(pieces, "the vocabulary");
    }

    /**
     * Reads a {@code vocab.txt}.
     *
     * @throws UserException as {@link #of} does, or if the file cannot be read
     */
    public static Vocabulary read(Path file) {
        try {
            return new Vocabulary(Files.readAllLines(file), "vocabulary " + file);
        } catch (NoSuchFileException e) {
            throw new UserException(
                    "Cannot read vocabulary " + file
                            + ": found no such file, expected a vocab.txt with one piece a line",
                    e);
        } catch (CharacterCodingException e) {
            throw new UserException(
                    "Cannot read vocabulary " + file + ": found bytes that are not UTF-8, expected UTF-8 text", e);
        } catch (IOException e) {
            throw new UserException("Cannot read vocabulary " + file + ": " + e, e);
        }
    }

    /** Writes a {@code vocab.txt}, with a line feed after every piece, over what is there. */
    public void write(Path file) throws IOException {
        Files.writeString(file, String.join("\n", pieces) + "\n");
    }

    /** All pieces, in the order of their ids; unmodifiable. */
    public List<String> pieces() {
        return pieces;
    }

    /** How many pieces there are. */
    public int size() {
        return pieces.size();
    }

    /** The id of a piece, or -1. */
    public int id(String piece) {
        return ids.getOrDefault(piece, -1);
    }

    /** The id of a special token. */
    public int id(SpecialToken token) {
        return id(token.piece());
    }

    /** The piece that has this id. */
    public String piece(int id) {
        return pieces.get(id);
    }

    /** The id of [PAD]. */
    public int paddingId() {
        return id(SpecialToken.PADDING);
    }

    /** The id of [UNK]. */
    public int unknownId() {
        return id(SpecialToken.UNKNOWN);
    }

    /** The id of [CLS]. */
    public int classId() {
        return id(SpecialToken.CLASS);
    }

    /** The id of [SEP]. */
    public int separatorId() {
        return id(SpecialToken.SEPARATOR);
    }

    /** The id of [MASK]. */
    public int maskId() {
        return id(SpecialToken.MASK);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary that && pieces.equals(that.pieces);
    }

    @Override
    public int hashCode() {
        return pieces.hashCode();
    }

    @Override
    public String toString() {
        return "Vocabulary of " + pieces.size() + " pieces";
    }

    /** The map from piece to id is built anew rather than shipped. */
    private Object readResolve() {
        return of(pieces);
    }
}
