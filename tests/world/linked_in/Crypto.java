import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Signatures and ciphers of a provider that has AWS-LC linked in: so many times each. */
final class Crypto {
	public static void main(String[] arguments) throws Exception {
		Provider provider = AmazonCorrettoCryptoProvider.INSTANCE;
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
		generator.initialize(256);
		KeyPair pair = generator.generateKeyPair();
		for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
			Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding", provider);
			cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[16], "AES"), new IvParameterSpec(new byte[16]));
			cipher.update(new byte[100]);
			cipher.doFinal();
			Signature signature = Signature.getInstance("SHA256withECDSA", provider);
			signature.initSign(pair.getPrivate());
			signature.update(new byte[10]);
			byte[] signed = signature.sign();
			signature.initVerify(pair.getPublic());
			signature.update(new byte[10]);
			System.out.println(signature.verify(signed));
		}
	}
}
